import Foundation
import Testing

@Suite("The files for running it as a service")
struct DeployTests {
    func text(_ name: String) throws -> String {
        try String(contentsOfFile: Program.root + "/deploy/" + name, encoding: .utf8)
    }

    @Test("the worker's unit waits for a submission in flight, and takes an interruption as a good end")
    func unit() throws {
        let unit = try text("vitrine-worker@.service")

        #expect(unit.contains("ExecStart=/usr/local/bin/vitrine work"))
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
