/** `task.commentitem.*`, `tasks.task.result.list` and `disk.attachedObject.get`: what people say about a task. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import type { Attachment } from "./disk.ts";
import { objectOf, phpMap, textOf, textsOf } from "./php_values.ts";
import { PortalError } from "./portal_error.ts";
import type { MethodTable } from "./portal_method.ts";
import { positional } from "./positional.ts";
import { allowedTask, taskIdOf } from "./task_access.ts";
import type { TaskResult } from "./task_results.ts";
import { WEBHOOK_USER } from "./visibility.ts";

export const commentMethods: MethodTable = {
  "task.commentitem.add": positional(["TASKID", "FIELDS"], (view, params) => {
    const { id } = allowedTask(view, Number(textOf(params["TASKID"])));
    const fields = objectOf(params["FIELDS"]);
    const files = fields["UF_FORUM_MESSAGE_DOC"] === undefined ? [] : textsOf(fields["UF_FORUM_MESSAGE_DOC"]);
    return {
      result: view.portal.addComment(id, {
        text: textOf(fields["POST_MESSAGE"]),
        authorId: Number(textOf(fields["AUTHOR_ID"]) || WEBHOOK_USER),
        fileIds: files.map((file) => Number(file.replace(/^n/, ""))),
      }),
    };
  }),
  "task.commentitem.get": positional(["TASKID", "ITEMID"], (view, params) => {
    const refusal = new PortalError(
      "ERROR_CORE",
      "TASKS_ERROR_EXCEPTION_#512; Check listitem not found or not accessible; " +
        "512/TE/ITEM_NOT_FOUND_OR_NOT_ACCESSIBLE.<br>",
    );
    const { id } = allowedTask(view, Number(textOf(params["TASKID"])), refusal);
    const comment = view.portal.comments.get(Number(textOf(params["ITEMID"])));
    if (comment?.taskId !== id || view.portal.rules.newTaskCard === true) throw refusal;
    return {
      result: {
        POST_MESSAGE_HTML: null,
        ID: String(comment.id),
        AUTHOR_ID: String(comment.authorId),
        AUTHOR_NAME: view.portal.users.nameOf(comment.authorId),
        AUTHOR_EMAIL: view.portal.users.get(comment.authorId)?.email ?? "",
        POST_DATE: comment.postedAt,
        POST_MESSAGE: comment.text,
        ATTACHED_OBJECTS: phpMap(
          comment.attachments.map((attachment): [string, Json] => [String(attachment.id), attachedTo(attachment)]),
        ),
      },
    };
  }),
  "tasks.task.result.list": (view, params) => {
    const { id } = allowedTask(view, taskIdOf(params), new PortalError("0", "Access denied."));
    return { result: view.portal.results.of(id).map(resultAnswer) };
  },
  "disk.attachedObject.get": (view, params) => {
    const id = textOf(params["id"]);
    const attachment = view.portal.disk.attachment(Number(id));
    if (attachment === undefined) throw new PortalError("ERROR_NOT_FOUND", `Could not find entity with id \`${id}\``);
    const { file, entityType, entityId, createdBy, createdAt } = attachment;
    return {
      result: {
        ID: String(attachment.id),
        OBJECT_ID: String(file.id),
        MODULE_ID: entityType === "forum_message" ? "forum" : "tasks",
        ENTITY_TYPE: entityType,
        ENTITY_ID: String(entityId),
        CREATE_TIME: createdAt,
        CREATED_BY: String(createdBy),
        DOWNLOAD_URL: urlOf(attachment, "download"),
        NAME: file.name,
        SIZE: String(file.size),
      },
    };
  },
};

function attachedTo(attachment: Attachment): JsonObject {
  const { id, file } = attachment;
  return {
    ATTACHMENT_ID: String(id),
    NAME: file.name,
    SIZE: String(file.size),
    FILE_ID: String(file.fileId),
    DOWNLOAD_URL: urlOf(attachment, "download"),
    VIEW_URL: urlOf(attachment, "show"),
  };
}

function urlOf({ id }: Attachment, action: "download" | "show"): string {
  return `/bitrix/tools/disk/uf.php?attachedId=${id}&action=${action}&ncc=1`;
}

/** Numbers are numbers here, unlike in tasks. */
function resultAnswer({ id, taskId, commentId, createdBy, createdAt, updatedAt, closed, text, files }: TaskResult) {
  return {
    id,
    taskId,
    commentId,
    createdBy,
    createdAt,
    updatedAt,
    status: closed ? 1 : 0,
    text,
    formattedText: text.replaceAll(/&/g, "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
      .replaceAll(/\[(\/?)B\]/gi, "<$1b>"),
    files,
  };
}
