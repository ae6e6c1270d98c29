"""OAuth 2."""

from machinelab.authoring import ARP, At, Background, Choice, Experiment, Gather, Lab, Step

SPEAKERS = ("browser", "app", "api", "tv", "mallory")
KEYS = tuple(Gather(node, "keys", "cat /run/oauth2/keys.log") for node in SPEAKERS)
FORGET = tuple(At(node, "truncate -s 0 /run/oauth2/keys.log") for node in SPEAKERS)
NOISE = (ARP, Background("tls", "tls.handshake or tls.change_cipher_spec or tls.alert_message"))

def ex(id, title, *run, app="", login="", before=(), knobs={}):
    return Experiment(id, title, reset=(At("login", f"configure {login}"), At("app", f"configure {app}"), At("api", "configure"), *before, *FORGET), run=run, gather=KEYS, background=NOISE, knobs=knobs, steps=(Step("start", "any > any", "http.request and http.response"),))

L = At("browser", "browse login")
KNOB = {
 "audience": {"resource": Choice(("https://books.example.test/", "https://api.example.test/"))},
 "client-credentials": {"auth": Choice(("client_secret_basic", "client_secret_post", "private_key_jwt"))},
}
A = lambda c: At("app", f"oauth {c}")
EXP = (
 ex("pkce","x", L),
 ex("no-pkce","x", At("browser","browse spa"), app="pkce=none"),
 ex("pkce-stops","x", At("browser","browse spa"), app="pkce=S256"),
 ex("client-credentials","x", At("app","oauth client-credentials {auth}"), knobs=KNOB["client-credentials"]),
 ex("refresh","x", A("rotate"), before=(L,)),
 ex("csrf","x", At("browser", "browse open https://fonts.example.test/kittens"), app="state=unchecked pkce=none"),
 ex("state","x", At("browser", "browse open https://fonts.example.test/kittens"), app="pkce=none"),
 ex("redirect","x", At("browser", "browse open https://login.example.test/auth?client_id=web&response_type=code&scope=openid&redirect_uri=https://fonts.example.test/callback")),
 ex("expired","x", A("expired"), login="brief=yes", before=(L,)),
 ex("audience","x", At("app","oauth audience {resource}"), knobs=KNOB["audience"]),
 ex("scope","x", At("browser", "browse scope orders:write"), app="scope='openid profile orders:read orders:write'"),
 ex("device","x", At("browser","browse device",background=True), At("tv", "oauth device")),
 ex("introspection","x", A("introspection")),
 ex("revocation","x", A("revocation")),
 ex("key-rotation","x", A("keep-job"), At("login", "configure keys=2"), A("new-and-old")),
 ex("openid","x", L, app="scope='openid profile' shows=name"),
 ex("implicit","x", At("browser","browse spa"), app="flow=implicit"),
 ex("par","x", L, app="par=yes"),
 ex("dpop","x", A("dpop")),
)
LAB = Lab("oauth2", EXP, what={"browser": "Chromium", "login": "oidc-provider", "app": "Authlib, Flask", "api": "PyJWT", "tv": "script", "mallory": "fonts"})
