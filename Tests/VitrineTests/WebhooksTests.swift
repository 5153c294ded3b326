import Foundation
import Testing

@Suite("Webhooks by the program", .serialized)
struct WebhooksTests {
    /// The receiver of docs/webhooks.md, on a free port.
    private final class Receiver {
        private let process = Process()
        private let log: String

        init(_ program: Program, port: Int, secret: String) throws {
            let page = try String(contentsOfFile: Program.root + "/docs/webhooks.md", encoding: .utf8)
            let code = try #require(page.firstMatch(of: /(?s)```python\n(.*?)```/)).1
            let path = program.folder + "/receiver.py"
            try Data(code.utf8).write(to: URL(filePath: path))
            log = program.folder + "/receiver-\(UUID().uuidString)"
            _ = FileManager.default.createFile(atPath: log, contents: nil)
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = [path]
            process.environment = ["WEBHOOK_SECRET": secret, "PORT": "\(port)"]
            process.standardOutput = FileHandle(forWritingAtPath: log)
            try process.run()
            while process.isRunning, !text.contains("listening on") { usleep(20_000) }
            try #require(process.isRunning)
        }

        /// What it took, a line each.
        var text: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

        deinit {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    @Test("the receiver of the docs takes what the program tells, and refuses what another secret signed")
    func receiver() throws {
        var program = try Program()
        defer { program.discard() }
        try program.shop(["Cobalt mug"])
        let port = try Service.freePort()
        program.environment["VITRINE_ALLOW_HOSTS"] = "127.0.0.1:\(port)"
        let ours = try Program.json(program.run("webhooks", "add", "http://127.0.0.1:\(port)/", "--json"))
        let other = try Program.json(program.run("webhooks", "add", "http://127.0.0.1:\(port)/", "--json"))
        let id = try #require(ours["id"] as? String)
        let otherID = try #require(other["id"] as? String)
        let secret = try #require(ours["secret"] as? String)
        let receiver = try Receiver(program, port: port, secret: secret)

        #expect(try program.run("webhooks", "test", id).code == 0)
        let refused = try program.run("webhooks", "test", otherID)
        #expect(refused.code == 1 && refused.talk.contains("401"), "\(refused.talk)")
        #expect(try program.run("webhooks", "remove", otherID).code == 0)
        let made = try program.run("generate", "shop.csv", "--presets", "presets", "--out", "videos", "--verbose")

        #expect(made.code == 0, "\(made.talk)")
        #expect(receiver.text.contains("webhook.test") && receiver.text.contains("video.finished"), "\(receiver.text)")
        let told = try program.run("webhooks", "deliveries", id, "--state", "delivered").output
        #expect(told.contains("video.finished"))
        let listed = try program.run("webhooks", "list", "--json").output
        #expect(!listed.contains(secret) && !made.talk.contains(secret) && !told.contains(secret))
    }
}
