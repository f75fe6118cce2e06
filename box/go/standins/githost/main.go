// Command githost serves bare repositories, and container images, under the addresses they have in
// production. It is an HTTPS proxy: a client that trusts its certificate and
// asks for https://HOST/PATH.git gets ROOT/HOST/PATH.git from this machine, so
// the committed manifests are rehearsed with their repoURL unchanged. A host
// that has no folder below ROOT is refused: nothing leaves the machine.
package main

import (
	"bufio"
	"crypto/tls"
	"flag"
	"log"
	"net"
	"net/http"
	"net/http/cgi"
	"os"
	"path/filepath"
)

func main() {
	address := flag.String("listen", "", "address to listen on, as host:port")
	root := flag.String("root", "", "folder with HOST/, HOST.crt and HOST.key for every host")
	backend := flag.String("backend", "", "path of git-http-backend")
	flag.Parse()

	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatalf("githost: %v", err)
	}
	tunnels := &tunnels{connections: make(chan net.Conn), address: listener.Addr()}
	go func() {
		// Only HTTP/1.1 is offered: a CGI programme needs no more.
		server := &http.Server{Handler: withRegistry(*root, repositories(*root, *backend))}
		config := &tls.Config{GetCertificate: certificates(*root)}
		log.Fatal(server.Serve(tls.NewListener(tunnels, config)))
	}()
	log.Fatal(http.Serve(listener, proxy(*root, tunnels)))
}

// certificates finds the certificate of a host beside its folder.
func certificates(root string) func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		folder := hostFolder(root, hello.ServerName)
		pair, err := tls.LoadX509KeyPair(folder+".crt", folder+".key")
		return &pair, err
	}
}

// repositories hands a request to git's own server program.
func repositories(root, backend string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler := &cgi.Handler{
			Path: backend,
			Env: []string{
				"GIT_PROJECT_ROOT=" + hostFolder(root, r.Host),
				"GIT_HTTP_EXPORT_ALL=1",
				// The repositories may belong to whoever runs the tests.
				"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
			},
		}
		handler.ServeHTTP(w, r)
	})
}

// proxy answers CONNECT by ending the tunnel here.
func proxy(root string, tunnels *tunnels) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			http.Error(w, "only https is served here, by CONNECT", http.StatusMethodNotAllowed)
			return
		}
		if _, err := os.Stat(hostFolder(root, r.Host)); err != nil {
			http.Error(w, "the box does not serve "+r.Host, http.StatusBadGateway)
			return
		}
		connection, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			log.Printf("githost: %v", err)
			return
		}
		if _, err := connection.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
			connection.Close()
			return
		}
		tunnels.connections <- tunnel{connection, buffered.Reader}
	})
}

// hostFolder is the folder of a host, whose port and any path are dropped.
func hostFolder(root, host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return filepath.Join(root, filepath.Base(host))
}

// tunnel reads what the proxy's own reader had already taken off the wire.
type tunnel struct {
	net.Conn
	buffered *bufio.Reader
}

func (t tunnel) Read(p []byte) (int, error) { return t.buffered.Read(p) }

// tunnels is a listener whose connections come out of the proxy.
type tunnels struct {
	connections chan net.Conn
	address     net.Addr
}

func (t *tunnels) Accept() (net.Conn, error) { return <-t.connections, nil }
func (t *tunnels) Close() error              { return nil }
func (t *tunnels) Addr() net.Addr            { return t.address }
