/** How the people's page looks. */
export const PEOPLE_PAGE_STYLE = `
  * { box-sizing: border-box }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem; color: #1f2933;
    background: #f2f5f8; overflow-wrap: anywhere }
  h1 { font-size: 1.5rem; margin: 0 0 1rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } h3 { font-size: 1.05rem; margin: 0 }
  article, ul { background: #fff; border-radius: 10px; box-shadow: 0 1px 3px #0002; margin: 0 0 1rem }
  article { padding: 1rem 1.25rem }
  p { margin: .4rem 0 } .text { white-space: pre-line } .question { font-weight: 600 }
  .facts { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .85rem; color: #5b6876 } .late { color: #b3261e }
  .empty { color: #5b6876 } .notice { background: #fff3cd; border-radius: 10px; padding: .6rem 1.25rem; margin: 0 0 1rem }
  form { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem }
  button { font: inherit; color: inherit; padding: .4rem 1.3rem; border: 0; border-radius: 6px; cursor: pointer }
  button:hover, button:focus-visible { filter: brightness(.94) }
  .yes { background: #bbed21 } .no { background: #f8d7d3 } .other { background: #e3e8ee } button.other { margin-left: auto }
  ul { list-style: none; padding: 0 } li { display: flex; gap: .75rem; padding: .5rem 1.25rem; align-items: baseline }
  li + li { border-top: 1px solid #e8ecf0 } .title { flex: 1 } .number { min-width: 2.5rem; color: #5b6876; font-size: .85rem; white-space: nowrap }
  b { font-weight: 500; font-size: .85rem; padding: .1rem .6rem; border-radius: 999px; white-space: nowrap }
`;
