// visit [FLAGS] NAME: one page over TLS 1.3 by Go's crypto/tls, and in a few lines what came of it.
//
// Exit 0: a page came, whatever its status; 1: none did. Secrets are added to the key log at SSLKEYLOGFILE, the name is
// looked up in /etc/hosts, and the certificate is checked against SSL_CERT_FILE.
package main

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

const patience = 2 * time.Second // until a connection that says nothing is given up

var (
	at   = flag.String("at", "", "connect to `HOST:PORT` in place of NAME:443")
	sni  = flag.String("sni", "", "ask TLS for this `NAME`; \"none\": for none")
	host = flag.String("host", "", "ask HTTP for this `NAME`")
	ech  = flag.String("ech", "", "an ECHConfigList in base64 as in a DNS record, or a `FILE` with one")
)

func main() {
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := visit(flag.Arg(0)); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}

func visit(name string) error {
	config, err := settings(name)
	if err != nil {
		return err
	}
	raw, err := net.DialTimeout("tcp", or(*at, name+":443"), patience)
	if err != nil {
		return err
	}
	raw.SetDeadline(time.Now().Add(patience))
	there := tls.Client(raw, config)
	if err := there.Handshake(); err != nil {
		report(err)
		leave(raw.(*net.TCPConn), err)
		return err
	}
	return page(there, or(*host, name))
}

func settings(name string) (*tls.Config, error) {
	log, err := os.OpenFile(or(os.Getenv("SSLKEYLOGFILE"), os.DevNull), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o660)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{ServerName: or(*sni, name), MinVersion: tls.VersionTLS13, KeyLogWriter: log}
	if *sni == "none" {
		config.ServerName = ""
		config.InsecureSkipVerify = true // there is no name to check the certificate against; it is printed instead
	}
	if *ech != "" {
		text := *ech
		if read, err := os.ReadFile(*ech); err == nil {
			text = string(read)
		}
		list, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("-ech %s: neither a file nor base64", *ech)
		}
		config.EncryptedClientHelloConfigList = list
	}
	return config, nil
}

// leave ends a connection on which the handshake failed: in good order, or with a reset where nobody answers any more, so that
// the kernel does not go on trying behind our back.
func leave(raw *net.TCPConn, why error) {
	if errors.Is(why, os.ErrDeadlineExceeded) {
		raw.SetLinger(0)
	} else {
		raw.CloseWrite()
		io.Copy(io.Discard, raw)
	}
	raw.Close()
}

// report says what a failed handshake is known to mean.
func report(err error) {
	var rejected *tls.ECHRejectionError
	if errors.As(err, &rejected) {
		fmt.Printf("ech: rejected, %d bytes of retry configs\n", len(rejected.RetryConfigList))
	}
}

func page(there *tls.Conn, host string) error {
	state := there.ConnectionState()
	fmt.Printf("certificate: %s\n", strings.Join(state.PeerCertificates[0].DNSNames, ", "))
	if state.ECHAccepted {
		fmt.Println("ech: accepted")
	}
	fmt.Fprintf(there, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host)
	response, err := http.ReadResponse(bufio.NewReader(there), nil)
	if err != nil {
		there.Close()
		return err
	}
	body, err := io.ReadAll(response.Body)
	fmt.Printf("status: %s\n%s", response.Status, body)
	// The server says goodbye, for it was asked to. An alert of ours would meet a closed door, and be answered with a reset.
	io.Copy(io.Discard, there)
	there.NetConn().Close()
	return err
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
