"""What happened in each experiment, worked out from a run's own packets and the onlooker's log."""

from machinelab.authoring import Headline, Run, harm, some

NAME = "tls.handshake.extensions_server_name"


def read(run: Run) -> str:
    """The names that the onlooker wrote down, each once."""
    names = dict.fromkeys(str(e["onlooker.name"]) for e in run.trace.events if "onlooker.name" in e)
    return ", ".join(names)


def pick(run: Run) -> str:
    """Three names, three certificates, one address, and who else knows."""
    certificates = sum(len(run.claims(f"{each}-certificate")) for each in ("apple", "pear", "plum"))
    run.first("apple-hello")
    return f"One address showed {some(certificates, 'certificate')}; the provider read the names {read(run)}"


def unknown(run: Run) -> Headline | str:
    """What a server does with a name it does not have."""
    run.first("name-read")
    if run.claims("unrecognized-name"):
        return harm("The server refused with the alert unrecognized_name, and showed no certificate")
    if run.claims("plum-certificate"):
        return harm(
            "The server showed *.plum.test, and the client refused it: a wildcard stands for one label"
        )
    if run.claims("page"):
        return (
            "Without a name the server showed its default certificate; this client did not ask for whom it is"
        )
    return harm(
        "The server showed its default certificate, and the client refused it: it is for another name"
    )


def pass_through(run: Run) -> Headline | str:
    """Where the connection went."""
    run.first("name-read")
    if run.claims("hello-stays"):
        return harm("The front knows no server by that name, and hung up without a word of TLS")
    server = "web" if run.claims("hello-to-web") else "edge"
    return f"The front read one name, sent the connection to {server}, and passed on bytes that it could not decrypt"


def fronting(run: Run) -> str:
    """Two servers, two answers."""
    codes = run.text("other-page", "http.response.code"), run.text("misdirected-page", "http.response.code")
    return f"Asked for another site than TLS had named, one server answered {codes[0]}, the other {codes[1]}; the provider read {read(run)}"


def censor(run: Run) -> Headline | str:
    """How it ended, and for whom."""
    run.first("public-page")
    if run.claims("forged-reset"):
        return harm("public.test came; secret.test ended in a reset that neither end had sent")
    waited = (run.first("gives-up").time - run.first("stopped").time) / 1e9
    return harm(f"public.test came; secret.test vanished, and the client gave up after {waited:.1f} s")


def ech(run: Run) -> Headline | str:
    """Whether it got through, and what was read of it."""
    if run.claims("stopped-with-public"):
        return harm("Whoever blocks the public name blocks every site behind it: the connection was reset")
    run.first("accepted")
    return f"The page of secret.test came past a provider that blocks it, and read {read(run)}"


def stale(run: Run) -> Headline:
    """Declined."""
    run.first("declined")
    alert = run.text("ech-required", "tls.alert_message.desc")
    return harm(
        f"The server could not open the hello inside and answered as public.test; the client left with alert {alert}"
    )


def leak(run: Run) -> Headline | str:
    """Where the name was read."""
    run.first("accepted")
    if run.claims("leaked"):
        return harm(
            f"The hello hid secret.test; {some(len(run.claims('leaked')), 'DNS query', 'DNS queries')} before it did not"
        )
    return f"No line of the provider's log has secret.test in it; it read {read(run)}"
