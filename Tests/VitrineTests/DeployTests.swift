import Foundation
import Testing
import Yams

@Suite("The files for running it as a service")
struct DeployTests {
    func text(_ name: String) throws -> String {
        try String(contentsOfFile: Program.root + "/deploy/" + name, encoding: .utf8)
    }

    /// Whether a command of this machine finds nothing wrong; true where the machine has no such command.
    private func passes(_ command: String...) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["bash", "-c", "command -v \(command[0]) >/dev/null || exit 0; exec \"$@\"", "bash"] + command
        process.currentDirectoryURL = URL(filePath: Program.root + "/deploy")
        process.standardOutput = FileHandle.standardError
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    @Test(
        "the units say nothing that systemd does not know",
        arguments: ["vitrine.service", "vitrine-worker@1.service"]
    )
    func units(name: String) throws {
        let program = try Program()
        defer { program.discard() }
        // systemd looks for the program and the account, too: here they are the ones of any machine.
        let source = name.replacing("@1", with: "@")
        let unit = try text(source).replacing("/usr/local/bin/vitrine", with: "/bin/sh").replacing(
            "=vitrine\n",
            with: "=nobody\n"
        )
        try Data(unit.utf8).write(to: URL(filePath: program.folder + "/" + name))

        #expect(try passes("systemd-analyze", "verify", "--man=no", program.folder + "/" + name))
    }

    @Test("the proxy's file is one that Caddy takes")
    func proxy() throws {
        #expect(try passes("caddy", "validate", "--adapter", "caddyfile", "--config", "Caddyfile"))
        #expect(try text("Caddyfile").contains("reverse_proxy"))
    }

    @Test(
        "compose keeps the home, reads the key from a secret, gives the service time to end, and opens the proxy's ports alone"
    )
    func compose() throws {
        let file = try #require(try Yams.load(yaml: try text("compose.yaml")) as? [String: Any])
        let services = try #require(file["services"] as? [String: [String: Any]])
        let vitrine = try #require(services["vitrine"])

        #expect(vitrine["ports"] == nil)
        #expect(services["caddy"]?["ports"] as? [String] == ["80:80", "443:443"])
        #expect(vitrine["volumes"] as? [String] == ["home:/var/lib/vitrine"])
        #expect(vitrine["stop_grace_period"] as? String == "3m")
        #expect((vitrine["environment"] as? [String: String])?["VITRINE_ADMIN_KEY_FILE"] == "/run/secrets/admin")
        #expect((file["secrets"] as? [String: Any])?["admin"] != nil)
        for name in (vitrine["environment"] as? [String: String] ?? [:]).keys {
            #expect(try text("vitrine.env.example").contains(name))
        }
    }

    @Test(
        "the service's unit and the worker's wait for a submission in flight, and take an interruption as a good end",
        arguments: [("vitrine.service", "serve"), ("vitrine-worker@.service", "work")]
    )
    func unit(name: String, command: String) throws {
        let unit = try text(name)

        #expect(unit.contains("ExecStart=/usr/local/bin/vitrine \(command)\n"))
        let stop = try #require(unit.firstMatch(of: /TimeoutStopSec=(\d+)/))
        #expect(try #require(Int(stop.1)) >= 150)
        #expect(unit.contains("SuccessExitStatus=130"))
        for guardLine in ["NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"] {
            #expect(unit.contains(guardLine))
        }
    }

    @Test("the image runs as somebody without rights, with ffmpeg, and with every library that the program loads")
    func image() throws {
        let file = try text("Dockerfile")

        #expect(file.contains("\nUSER vitrine\n"))
        #expect(file.contains("\nHEALTHCHECK "))
        for package in [
            "ffmpeg", "libcurl4", "libjpeg62-turbo", "libpng16-16", "libwebp7", "liblcms2-2", "libsqlite3-0",
        ] {
            #expect(file.contains(package))
        }
    }

    @Test("the packages that make installs are those that the manifest's libraries need")
    func packages() throws {
        let makefile = try String(contentsOfFile: Program.root + "/Makefile", encoding: .utf8)
        let manifest = try String(contentsOfFile: Program.root + "/Package.swift", encoding: .utf8)
        let needed = manifest.matches(of: /\.apt\(\["([a-z0-9-]+)"\]\)/).map { String($0.1) }

        #expect(needed.count >= 6)
        for package in needed + ["ffmpeg"] { #expect(makefile.contains(package)) }
    }
}
