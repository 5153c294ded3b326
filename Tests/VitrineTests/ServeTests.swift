import Foundation
import Testing

@Suite("The running service", .serialized)
struct ServeTests {
    @Test("every line of docs/api.md does what it says")
    func docs() throws {
        let program = try Program()
        let service = try Service(program)
        defer { service.stop() }
        let page = try String(contentsOfFile: Program.root + "/docs/api.md", encoding: .utf8)
        let lines = page.matches(of: /(?s)```sh\n(.*?)```/).map { String($0.1) }

        let outcome = try service.shell(lines.joined(separator: "\n"))

        #expect(lines.count >= 7)
        #expect(outcome.code == 0, "\(outcome.text.suffix(1500))")
    }

    @Test("what was acknowledged survives kill -9; half an upload leaves nothing behind")
    func killed() throws {
        let program = try Program()
        var service = try Service(program)
        let first = try service.shell(
            """
            curl -sf -F feed=@catalog-samples/storefront.csv -F picture=@catalog-samples/images/mug-cobalt.jpg "$VITRINE/v1/imports?feed=kept" | jq -r .id
            (printf 'POST /v1/imports?feed=half HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: text/csv\\r\\nContent-Length: 1000\\r\\n\\r\\nid,title\\n'; sleep 0.5) > /dev/tcp/127.0.0.1/$PORT &
            sleep 0.2
            """
        )
        #expect(first.code == 0, "\(first.text)")
        service.kill()

        service = try Service(program)
        let second = try service.shell(
            """
            until curl -sf "$VITRINE/v1/imports" | jq -e '.items[0].state == "finished"'; do sleep 0.2; done
            curl -sf "$VITRINE/v1/imports" | jq -e '.items | length == 1'
            curl -sf -H 'Content-Type: application/json' -H 'Idempotency-Key: a' -d '{"placement":"1:1"}' "$VITRINE/v1/products/TW-MUG-COB-300/videos" > job.json
            """
        )
        #expect(second.code == 0, "\(second.text)")
        service.kill()

        service = try Service(program)
        defer { service.stop() }
        let third = try service.shell(
            """
            curl -sf "$VITRINE/v1/jobs" | jq -e '.items | length == 1'
            curl -sf -H 'Content-Type: application/json' -H 'Idempotency-Key: a' -d '{"placement":"1:1"}' "$VITRINE/v1/products/TW-MUG-COB-300/videos" | cmp - job.json
            """
        )
        #expect(third.code == 0, "\(third.text)")
    }

    @Test("a preset that was saved in the service is what commands on its home plan by")
    func saved() throws {
        let program = try Program()
        let service = try Service(program)
        defer { service.stop() }
        let outcome = try service.shell(
            """
            printf 'preset: evening-mugs\nmatch: {title: [mug]}\n' |
                curl -sf -X PUT -H 'Content-Type: application/yaml' --data-binary @- "$VITRINE/v1/presets/evening-mugs"
            """
        )
        #expect(outcome.code == 0, "\(outcome.text)")
        try program.shop(["Cobalt mug"])
        _ = try program.run("import", "shop.csv", "--skip-images")

        let explained = try program.run("presets", "explain", "M-0")

        #expect(explained.output.contains("evening-mugs"), "\(explained.talk)")
    }

    @Test("a body of 2 GB, a million headers and a path of dots are refused, and the rest goes on")
    func strangers() throws {
        let program = try Program()
        let service = try Service(program)
        defer { service.stop() }

        let outcome = try service.shell(
            """
            test "$(curl -s -o /dev/null -w '%{http_code}' -X POST -H 'Content-Type: text/csv' -H 'Content-Length: 2147483648' --data-binary x "$VITRINE/v1/imports")" = 413
            (printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\n'; yes 'X-Long: 0123456789' | head -1000000 | sed 's/$/\\r/') > /dev/tcp/127.0.0.1/$PORT || true
            test "$(curl -s -o /dev/null -w '%{http_code}' --path-as-is "$VITRINE/media/%2e%2e/%2e%2e/vitrine.db")" = 404
            test "$(curl -s -o /dev/null -w '%{http_code}' -H 'Host: evil.example' "$VITRINE/v1/products")" = 403
            printf 'id,title,image_link\\nA,Mug,http://169.254.169.254/latest\\nB,Bowl,http://localhost:%s/healthz\\nC,Cup,/etc/passwd\\n' $PORT > feed.csv
            curl -sf -H 'Content-Type: text/csv' --data-binary @feed.csv "$VITRINE/v1/imports?format=google" > import.json
            until curl -sf "$VITRINE/v1/imports/$(jq -r .id import.json)" | jq -e '.state == "finished" or .state == "failed"'; do sleep 0.2; done
            curl -sf "$VITRINE/v1/imports/$(jq -r .id import.json)" | jq -e '.counts.accepted == 0'
            curl -sf "$VITRINE/healthz"
            """
        )

        #expect(outcome.code == 0, "\(outcome.text.suffix(1500))")
    }

    @Test("without a key it listens on this machine alone; with the key of a file it asks for it")
    func doors() throws {
        var program = try Program()
        let open = try program.run("serve", "--host", "0.0.0.0", "--port", "0")
        #expect(open.code == 1)
        #expect(open.talk.contains("vitrine keys create"))

        try Data("a-key-of-twenty-characters\n".utf8).write(to: URL(filePath: program.folder + "/key"))
        program.environment["VITRINE_ADMIN_KEY_FILE"] = program.folder + "/key"
        let service = try Service(program)
        let outcome = try service.shell(
            """
            test "$(curl -s -o /dev/null -w '%{http_code}' "$VITRINE/v1/products")" = 401
            curl -sf -H 'Authorization: Bearer a-key-of-twenty-characters' "$VITRINE/v1/products"
            """
        )
        #expect(outcome.code == 0, "\(outcome.text)")
        #expect(service.stop() == 0)
    }
}
