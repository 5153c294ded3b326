import Foundation
import Testing

@Suite("Hard days of a running service", .serialized)
struct HardDayTests {
    private static let isRoot = geteuid() == 0

    @Test("whoever follows the events goes on where the service was killed, and misses nothing")
    func stream() throws {
        let program = try Program()
        defer { program.discard() }
        var service = try Service(program)
        let first = try service.shell(
            """
            (curl -sN --max-time 60 -H "Last-Event-ID: 0" "$VITRINE/v1/events" > heard-1.txt || true) &
            curl -sf -F feed=@catalog-samples/storefront.csv "$VITRINE/v1/imports?feed=a" > import.json
            until grep -q '^id: ' heard-1.txt; do sleep 0.05; done
            """
        )
        #expect(first.code == 0, "\(first.text)")
        service.kill()

        service = try Service(program)
        defer { service.stop() }
        let second = try service.shell(
            """
            until curl -sf "$VITRINE/v1/imports/$(jq -r .id import.json)" | jq -e '.state == "finished"'; do sleep 0.1; done
            last="$(grep '^id: ' heard-1.txt | tail -1 | cut -d' ' -f2)"
            (curl -sN --max-time 2 -H "Last-Event-ID: $last" "$VITRINE/v1/events" > heard-2.txt || true)
            (curl -sN --max-time 2 -H "Last-Event-ID: 0" "$VITRINE/v1/events" > all.txt || true)
            cat heard-1.txt heard-2.txt | grep '^id: ' > heard.txt
            grep '^id: ' all.txt | cmp - heard.txt
            test "$(wc -l < heard.txt)" -ge 2
            """
        )
        #expect(second.code == 0, "\(second.text)")
    }

    @Test(
        "a full disk refuses an upload by name, and when there is room again the same upload is taken",
        .enabled(if: isRoot)
    )
    func fullDisk() throws {
        let program = try Program()
        defer { program.discard() }
        let home = program.folder + "/.vitrine"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        func mount(_ words: String...) throws -> Bool {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = words
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
        // A machine that lets nobody mount can't be tried.
        guard try mount("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", home) else { return }
        defer { _ = try? mount("umount", "-l", home) }
        let service = try Service(program)
        defer { service.stop() }
        let outcome = try service.shell(
            """
            head -c 40000000 /dev/zero | tr '\\0' 'x' > large.csv
            test "$(curl -s -o answer.json -w '%{http_code}' -H 'Content-Type: text/csv' --data-binary @large.csv "$VITRINE/v1/imports?feed=large")" = 507
            jq -e '.error.kind == "full"' answer.json
            head -c 40000000 /dev/zero > .vitrine/filler 2>/dev/null || true
            test "$(curl -s -o answer.json -w '%{http_code}' -F feed=@catalog-samples/storefront.csv "$VITRINE/v1/imports?feed=a")" = 507
            curl -sf "$VITRINE/healthz"
            curl -sf "$VITRINE/v1/products" | jq -e '.items == []'
            test "$(curl -s -o ready.json -w '%{http_code}' "$VITRINE/readyz")" = 503
            jq -e '.parts.disk != "ok"' ready.json
            rm .vitrine/filler
            curl -sf -F feed=@catalog-samples/storefront.csv "$VITRINE/v1/imports?feed=a" > import.json
            until curl -sf "$VITRINE/v1/imports/$(jq -r .id import.json)" | jq -e '.state == "finished"'; do sleep 0.1; done
            ls .vitrine/work | wc -l | grep -x 0
            """
        )
        #expect(outcome.code == 0, "\(outcome.text.suffix(2000))")
    }

    @Test("while another program holds the database, reads go on, and what was asked meanwhile is done once")
    func lockedDatabase() throws {
        let program = try Program()
        defer { program.discard() }
        let service = try Service(program)
        defer { service.stop() }
        let outcome = try service.shell(
            """
            curl -sf -F feed=@catalog-samples/storefront.csv -F picture=@catalog-samples/images/mug-cobalt.jpg "$VITRINE/v1/imports?feed=a" > import.json
            until curl -sf "$VITRINE/v1/imports/$(jq -r .id import.json)" | jq -e '.state == "finished"'; do sleep 0.1; done
            python3 - <<'PYTHON' &
            import sqlite3, time
            database = sqlite3.connect(".vitrine/vitrine.db", isolation_level=None)
            database.execute("BEGIN IMMEDIATE")
            open("held", "w").close()
            while True:
                try:
                    open("enough").close()
                    break
                except FileNotFoundError:
                    time.sleep(0.05)
            database.execute("COMMIT")
            PYTHON
            until test -e held; do sleep 0.05; done
            ask() {
                curl -s -o job.json -w '%{http_code}' -H 'Content-Type: application/json' -H 'Idempotency-Key: a' \\
                    -d '{"placement":"1:1"}' "$VITRINE/v1/products/TW-MUG-COB-300/videos"
            }
            ask > first.txt &
            for _ in 1 2 3; do curl -sf "$VITRINE/v1/products" | jq -e '.items | length > 5'; done
            touch enough
            wait
            case "$(cat first.txt)" in 202|503) ;; *) cat job.json; exit 1;; esac
            until test "$(ask)" = 202; do sleep 0.1; done
            curl -sf "$VITRINE/v1/jobs" | jq -e '.items | length == 1'
            """
        )
        #expect(outcome.code == 0, "\(outcome.text.suffix(2000))")
    }

    @Test("a message that was on its way when the service was killed is sent again under its id, and then no more")
    func killedSender() throws {
        var program = try Program()
        defer { program.discard() }
        let port = try Service.freePort()
        program.environment["VITRINE_ALLOW_HOSTS"] = "127.0.0.1:\(port)"
        #expect(try program.run("webhooks", "add", "http://127.0.0.1:\(port)/").code == 0)
        var service = try Service(program)
        let first = try service.shell(
            """
            cat > receiver.py <<'PYTHON'
            import http.server, os, time
            class Receiver(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    self.rfile.read(int(self.headers["content-length"]))
                    print(self.headers["webhook-id"], file=open("asked.txt", "a"), flush=True)
                    while not os.path.exists("answers"): time.sleep(0.05)
                    self.send_response(204)
                    self.end_headers()
            http.server.ThreadingHTTPServer(("127.0.0.1", \(port)), Receiver).serve_forever()
            PYTHON
            # It outlives this shell, so it holds nothing of it.
            python3 - > receiver.pid <<'PYTHON'
            import subprocess
            quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
            print(subprocess.Popen(["python3", "receiver.py"], start_new_session=True, **quiet).pid)
            PYTHON
            printf 'id,title,image_link\\n1,Mug,a.jpg\\n' > feed.csv
            curl -sf -H 'Content-Type: text/csv' --data-binary @feed.csv "$VITRINE/v1/imports?feed=a&format=google"
            until test -s asked.txt; do sleep 0.05; done
            """
        )
        #expect(first.code == 0, "\(first.text)")
        service.kill()

        service = try Service(program)
        defer { service.stop() }
        let second = try service.shell(
            """
            trap 'kill -9 "$(cat receiver.pid)"' EXIT
            touch answers
            # The claim of the killed process ends after 90 seconds: here and now.
            python3 - <<'PYTHON'
            import sqlite3
            database = sqlite3.connect(".vitrine/vitrine.db", timeout=30)
            database.execute("UPDATE delivery SET lease_until = 1 WHERE lease_until > 1")
            database.commit()
            PYTHON
            curl -sf -F feed=@catalog-samples/storefront.csv "$VITRINE/v1/imports?feed=b"
            until test "$(wc -l < asked.txt)" -ge 3; do sleep 0.1; done
            sleep 1
            test "$(wc -l < asked.txt)" = 3
            test "$(head -1 asked.txt | xargs -I id grep -c id asked.txt)" = 2
            """
        )
        #expect(second.code == 0, "\(second.text)")
    }

    @Test(
        "a bomb of nothing is refused before it is unpacked, and pictures behind redirects to private places are not fetched"
    )
    func bombAndRedirects() throws {
        var program = try Program()
        defer { program.discard() }
        let port = try Service.freePort()
        program.environment["VITRINE_ALLOW_HOSTS"] = "127.0.0.1:\(port)"
        let service = try Service(program)
        defer { service.stop() }
        let outcome = try service.shell(
            """
            head -c 3000000000 /dev/zero | gzip -1 > bomb.csv.gz
            curl -sf -H 'Content-Type: application/gzip' --data-binary @bomb.csv.gz "$VITRINE/v1/imports?feed=bomb" > import.json
            until curl -sf "$VITRINE/v1/imports/$(jq -r .id import.json)" | tee state.json | jq -e '.state == "failed"'; do sleep 0.1; done
            jq -e '.failure.message | length > 10' state.json

            cat > redirects.py <<'PYTHON'
            import http.server, sys
            class Redirects(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(302)
                    self.send_header("Location", "http://" + self.path[1:])
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                def log_message(self, *words): print(self.path, file=open("asked.txt", "a"), flush=True)
            http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Redirects).serve_forever()
            PYTHON
            python3 redirects.py \(port) & server=$!
            trap 'kill -9 $server' EXIT
            until curl -s -o /dev/null "http://127.0.0.1:\(port)/ready"; do sleep 0.05; done
            (
                echo id,title,image_link
                for target in 169.254.169.254/latest localhost:$PORT/healthz 127.0.0.1:$PORT/healthz "[::1]:$PORT/healthz" 10.0.0.1/a 2130706433:$PORT/healthz; do
                    echo "$target,Mug,http://127.0.0.1:\(port)/$target"
                done
            ) > feed.csv
            curl -sf -H 'Content-Type: text/csv' --data-binary @feed.csv "$VITRINE/v1/imports?feed=redirects&format=google" > import.json
            id="$(jq -r .id import.json)"
            until curl -sf "$VITRINE/v1/imports/$id" | jq -e '.state == "finished"'; do sleep 0.1; done
            curl -sf "$VITRINE/v1/imports/$id" | jq -e '.counts.accepted == 0 and .counts.refused == 6'
            curl -sf "$VITRINE/v1/imports/$id/diagnostics" | jq -e '[.items[] | select(.message | test("private|this machine|not public"))] | length == 6'
            test "$(grep -c / asked.txt)" = 7
            curl -sf "$VITRINE/healthz"
            """
        )
        #expect(outcome.code == 0, "\(outcome.text.suffix(2500))")
    }

    @Test("a name that turns private after it was public is not asked", .enabled(if: isRoot))
    func rebinding() throws {
        let program = try Program()
        defer { program.discard() }
        let service = try Service(program)
        defer { service.stop() }
        // In a network of its own, where a public address is this machine's too, and the names are ours.
        let outcome = try service.shell(
            """
            command -v ip && unshare -n -m true || { echo "this machine lets nobody have a network of his own"; exit 0; }
            cat > names.py <<'PYTHON'
            import socket
            server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            server.bind(("127.0.0.1", 53))
            asked = 0
            while True:
                query, client = server.recvfrom(512)
                end = query.index(b"\\0", 12) + 5
                isAddress = query[end - 4:end - 2] == b"\\0\\1"
                address = bytes([93, 184, 216, 34] if asked == 0 else [127, 0, 0, 1])
                asked += isAddress
                answer = b"\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\0\\0\\4" + address if isAddress else b""
                head = query[:2] + b"\\x81\\x80\\0\\1\\0" + bytes([isAddress]) + b"\\0\\0\\0\\0"
                server.sendto(head + query[12:end] + answer, client)
            PYTHON
            cat > inside.sh <<'SHELL'
            set -eu
            ip link set lo up
            ip address add 93.184.216.34/32 dev lo
            echo 'nameserver 127.0.0.1' > resolv.conf
            mount --bind resolv.conf /etc/resolv.conf
            python3 names.py & python3 -m http.server 80 --directory catalog-samples/images > asked.txt 2>&1 &
            until grep -q . /proc/net/udp && curl -s -o /dev/null http://127.0.0.1/; do sleep 0.05; done
            for feed in first second; do
                printf 'id,title,image_link\\n1,Mug,http://pictures.example/mug-cobalt.jpg?%s\\n' $feed > $feed.csv
                \(Program.path) import $feed.csv --home inside --format google --json > $feed.json || true
            done
            kill $(jobs -p)
            SHELL
            unshare -n -m --kill-child -f -p --mount-proc bash inside.sh
            jq -e '.images.accepted == 1' first.json
            jq -e '.images.refused == 1 and ([.diagnostics[] | select(.message | test("private|this machine|not public"))] | length == 1)' second.json
            test "$(grep -c mug-cobalt asked.txt)" = 1
            """
        )
        #expect(outcome.code == 0, "\(outcome.text.suffix(2500))")
    }
}
