// login.example.test: oidc-provider behind Node's own HTTPS server. Its settings are read anew whenever `configure` wrote them.
import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import Provider, { errors } from "oidc-provider";
import { interaction } from "./pages.mjs";
import { CERTIFIED, ISSUER, configuration } from "./settings.mjs";

const SETTINGS = "/run/oauth2/settings.json";
const TLS = "/usr/share/machinelab/oauth2";
const keys = [];
let provider, handle, read = 0;

// A new key goes first and signs from now on; those before it stay published, for the tokens that they signed.
function newKey() {
  const jwk = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  keys.unshift({ ...jwk, alg: "ES256", use: "sig", kid: `key-${keys.length + 1}` });
}

function refresh() {
  const written = existsSync(SETTINGS) ? statSync(SETTINGS).mtimeMs : 1;
  if (written === read) return;
  const options = written === 1 ? {} : JSON.parse(readFileSync(SETTINGS));
  while (keys.length < Number(options.keys ?? 1)) newKey();
  const shown = keys.slice(-Number(options.keys ?? 1));
  provider = new Provider(ISSUER, configuration(options, shown, JSON.parse(readFileSync(`${TLS}/job.jwk`)), errors));
  provider.on("server_error", (ctx, error) => console.error(error));
  provider.on("grant.error", (ctx, error) => console.error(`token refused: ${error.error} (${error.error_detail ?? error.error_description})`));
  provider.on("authorization.error", (ctx, error) => console.error(`authorization refused: ${error.error} (${error.error_detail ?? error.error_description})`));
  provider.on("grant.revoked", (ctx, id) => console.error(`grant ${id} revoked: every token of it is void`));
  handle = provider.callback();
  read = written;
}

function answer(request, response) {
  refresh();
  if (!request.url.startsWith("/interaction/")) return handle(request, response);
  return interaction(provider, request, response).catch((error) => {
    console.error(error);
    response.writeHead(400).end(`${error.message}\n`);
  });
}

refresh();
const pem = { key: readFileSync(`${TLS}/login.key`), cert: readFileSync(`${TLS}/login.pem`) };
// Whoever has a certificate shows it, and who has none is let in all the same: the provider says what that is worth.
const asking = { ...pem, ca: readFileSync(`${TLS}/ca.pem`), requestCert: true, rejectUnauthorized: false };
createServer(asking, answer).listen(CERTIFIED);
createServer(pem, answer).listen(443, () => writeFileSync("/run/oauth2/ready", ""));
