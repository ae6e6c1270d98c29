// The authorization code flow in a browser, by hand: RFC 6749 §4.1 with RFC 7636; the implicit one: RFC 6749 §4.2.
const HERE = "https://spa.example.test/callback";
const API = "https://api.example.test/orders";

const base64url = (octets) => btoa(String.fromCharCode(...octets)).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=/g, "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const hash = async (text) => base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
const tell = (text) => { document.querySelector("#told").textContent = text; document.title = "Done"; };

async function start() {
  const implicit = OPTIONS.flow === "implicit";
  const asked = {
    client_id: implicit ? "old-spa" : "spa", redirect_uri: HERE, response_type: implicit ? "id_token token" : "code",
    scope: implicit ? `openid ${OPTIONS.scope}` : OPTIONS.scope, state: sessionStorage.state = random(),
  };
  if (implicit) asked.nonce = sessionStorage.nonce = random();
  else if (OPTIONS.pkce === "S256") {
    asked.code_challenge = await hash(sessionStorage.verifier = random());
    asked.code_challenge_method = "S256";
  }
  location = `${OPTIONS.issuer}/auth?${new URLSearchParams(asked)}`;
}

async function redeem(code) {
  const form = { grant_type: "authorization_code", client_id: "spa", redirect_uri: HERE, code };
  if (sessionStorage.verifier) form.code_verifier = sessionStorage.verifier;
  return (await fetch(`${OPTIONS.issuer}/token`, { method: "POST", body: new URLSearchParams(form) })).json();
}

async function finish(given) {
  if (given.get("state") !== sessionStorage.state) return tell("This is not the answer to my question.");
  const token = given.get("access_token") ? Object.fromEntries(given) : await redeem(given.get("code"));
  if (token.error) return tell(`Not let in: ${token.error}`);
  tell(await (await fetch(API, { headers: { Authorization: `Bearer ${token.access_token}` } })).text());
}

const given = new URLSearchParams(location.hash.slice(1) || location.search);
if (given.get("state")) finish(given); else start();
