// Where people say who they are and what they allow: https://github.com/panva/node-oidc-provider leaves that to its host.
const USERS = { alice: "wonderland", mallory: "malice" };

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

export const page = (title, body) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(title)}</title><link rel="icon" href="data:,"><h1>${escape(title)}</h1>${body}</html>\n`;

// The pages of the device flow: RFC 8628 §3.3. oidc-provider gives the form, with its secrets in it.
export const devicePages = {
  userCodeInputSource(ctx, form, out, error) {
    ctx.body = page("What does your device show?", `${form}<button type="submit" form="op.deviceInputForm">Go on</button>${error ? "<p>No such code." : ""}`);
  },
  userCodeConfirmSource(ctx, form, client, info, code) {
    ctx.body = page(`Is it your device that shows ${code}?`, `${form}<button type="submit" form="op.deviceConfirmForm">It is</button>`);
  },
  successSource(ctx) {
    ctx.body = page("Success", "<p>Look at your device.");
  },
};

export function errorPage(ctx, out) {
  ctx.type = "html";
  ctx.body = page("This cannot be done", `<p>${escape(out.error)}: ${escape(out.error_description ?? "")}`);
}

function form(uid, client, scopes, login) {
  const boxes = scopes.map((s) => `<label><input type="checkbox" name="scope" value="${escape(s)}" checked> ${escape(s)}</label>`);
  const who = login ? `<input name="name" required><input name="password" type="password" required>` : "";
  return page(`${client} would like to act for you`, `<form method="post" action="/interaction/${uid}">${who}${boxes.join("")}<button>Allow</button></form>`);
}

async function fieldsOf(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return new URLSearchParams(text);
}

// Everything that was asked for: OpenID's scopes, and those of a resource server.
function asked({ prompt, params }) {
  const ofResources = Object.values(prompt.details.missingResourceScopes ?? {}).flat();
  return [...new Set([...(params.scope ?? "").split(" ").filter(Boolean), ...ofResources])];
}

async function grant(provider, details, account, allowed) {
  const { params, grantId } = details;
  const made = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: account, clientId: params.client_id });
  const resources = [params.resource ?? "https://api.example.test/"].flat();
  const openid = allowed.filter((scope) => ["openid", "profile", "offline_access"].includes(scope));
  const others = allowed.filter((scope) => !openid.includes(scope));
  if (openid.length) made.addOIDCScope(openid.join(" "));
  if (others.length) for (const resource of resources) made.addResourceScope(resource, others.join(" "));
  const refused = asked(details).filter((scope) => !allowed.includes(scope));
  if (refused.length) {
    made.rejectOIDCScope(refused.join(" "));
    for (const resource of resources) made.rejectResourceScope(resource, refused.join(" "));
  }
  return made.save();
}

function send(response, status, text) {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(text);
}

export async function interaction(provider, request, response) {
  const details = await provider.interactionDetails(request, response);
  const client = await provider.Client.find(details.params.client_id);
  const login = details.prompt.name === "login" || !details.session?.accountId;
  if (request.method === "GET") return send(response, 200, form(details.uid, client.clientId, asked(details), login));
  const said = await fieldsOf(request);
  const account = login ? said.get("name") : details.session.accountId;
  if (login && USERS[account] !== said.get("password")) return send(response, 403, page("That is not your password", ""));
  const grantId = await grant(provider, details, account, said.getAll("scope"));
  const result = { consent: { grantId }, ...(login ? { login: { accountId: account } } : {}) };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}
