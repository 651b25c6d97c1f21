/** How the people's page looks. */
export const PEOPLE_PAGE_STYLE = `
  * { box-sizing: border-box }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem; color: #1f2933;
    background: #f2f5f8; overflow-wrap: anywhere }
  h1 { font-size: 1.5rem; margin: 0 0 1rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } h3 { font-size: 1.05rem; margin: 0 }
  article, ul { background: #fff; border-radius: 10px; box-shadow: 0 1px 3px #0002; margin: 0 0 1rem }
  article { padding: 1rem 1.25rem }
  p { margin: .4rem 0 } .text { white-space: pre-wrap } .short { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 8; overflow: hidden } .question { font-weight: 600 }
  .facts { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .85rem; color: #5b6876 } .late { color: #b3261e }
  .empty { color: #5b6876 } .notice { background: #fff3cd; border-radius: 10px; padding: .6rem 1.25rem; margin: 0 0 1rem }
  form { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem }
  button { font: inherit; color: inherit; padding: .4rem 1.3rem; border: 0; border-radius: 6px; cursor: pointer }
  button:hover, button:focus-visible { filter: brightness(.94) }
  .yes { background: #bbed21 } .no { background: #f8d7d3 } .other { background: #e3e8ee } button.other { margin-left: auto }
  ul { list-style: none; padding: 0 } li { display: flex; gap: .75rem; padding: .5rem 1.25rem; align-items: baseline }
  li + li { border-top: 1px solid #e8ecf0 } .title { flex: 1 } .number { min-width: 2.5rem; color: #5b6876; font-size: .85rem; white-space: nowrap }
  a { color: inherit; text-decoration-color: #9fb3c8 } .plain { box-shadow: none; padding-left: 1.1rem; list-style: disc }
  .plain li { display: list-item; padding: .15rem 0; border: 0 } .plain .heading, .plain li:has(form) { list-style: none; margin-left: -1.1rem }
  .heading { font-weight: 600 } .state { font-weight: 600 } .todo { font-size: .85rem; color: #5b6876 }
  .tag { background: #e3e8ee; border-radius: 999px; padding: 0 .6rem } .done { text-decoration: line-through; color: #5b6876 }
  .tick { margin: 0; align-items: baseline; flex-wrap: nowrap } .tick button { padding: 0 .2rem; background: none; font-size: 1.2rem; line-height: 1.2 }
  .questions { display: block } .questions label { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .25rem 1rem; margin: .5rem 0 }
  .questions input, .questions select, .questions textarea { font: inherit; padding: .3rem .5rem; border: 1px solid #c5ced8; border-radius: 6px; width: 100% }
  @media (max-width: 30rem) { .questions label { grid-template-columns: 1fr } }
  .buttons { display: flex; flex-wrap: wrap; gap: .5rem } .buttons .other { margin-left: 0 }
  b { font-weight: 500; font-size: .85rem; padding: .1rem .6rem; border-radius: 999px; white-space: nowrap }
`;
