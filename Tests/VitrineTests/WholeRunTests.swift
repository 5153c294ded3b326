import Foundation
import Testing
import VitrineCore

@Suite("The main job, from a feed to finished videos", .serialized)
struct WholeRunTests {
    @Test("generate leaves videos, a gallery and tables; a second run makes nothing")
    func generate() throws {
        let program = try Program()
        defer { program.discard() }
        try program.shop()

        let first = try program.run(
            "generate",
            "shop.csv",
            "--out",
            "out",
            "--presets",
            "presets",
            "--preset",
            "short-mugs",
            "--json"
        )
        let report = try Program.json(first)

        #expect(first.code == 0, "\(first.talk)")
        #expect((report["jobs"] as? [String: Int])?["finished"] == 2)
        let videos = try #require(report["videos"] as? [[String: Any]])
        #expect(videos.count == 2)
        for video in videos {
            let file = try #require(video["file"] as? String)
            #expect(FileManager.default.fileExists(atPath: program.folder + "/out/" + file))
            #expect(video["seconds"] as? Double == 2)
            #expect(video["width"] as? Int == 720)
            #expect(video["synthetic"] as? Bool == true)
        }
        for name in ["index.html", "videos.csv", "videos.json"] {
            #expect(FileManager.default.fileExists(atPath: program.folder + "/out/" + name))
        }

        let second = try Program.json(
            try program.run(
                "generate",
                "shop.csv",
                "--out",
                "out",
                "--presets",
                "presets",
                "--preset",
                "short-mugs",
                "--json"
            )
        )
        #expect((second["jobs"] as? [String: Int])?["finished"] == 0)
        #expect((second["plan"] as? [String: Any])?["unchanged"] as? Int == 2)
        #expect((second["videos"] as? [[String: Any]])?.count == 2)
    }

    @Test("killed in the middle, the same command again finishes what was left, and makes nothing twice")
    func killed() throws {
        let program = try Program()
        defer { program.discard() }
        try program.shop(["One mug", "Two mug", "Three mug"], seconds: 3)
        let arguments = [
            "generate", "shop.csv", "--out", "out", "--presets", "presets", "--preset", "short-mugs", "--json",
            "--concurrency", "1",
        ]

        let running = try program.start(arguments)
        let renders = program.folder + "/.vitrine/work"
        while running.process.isRunning {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: renders)) ?? []
            if files.contains(where: { $0.hasSuffix(".lock") }) { break }
            usleep(2000)
        }
        kill(running.process.processIdentifier, SIGKILL)
        running.process.waitUntilExit()
        let again = try program.start(arguments)
        again.process.waitUntilExit()

        let report = try Program.json(again.outcome)
        #expect(again.outcome.code == 0, "\(again.outcome.talk)")
        #expect((report["videos"] as? [[String: Any]])?.count == 3)
        let jobs = try program.run("jobs", "list", "--json")
        let list = try #require(try JSONSerialization.jsonObject(with: Data(jobs.output.utf8)) as? [[String: Any]])
        #expect(list.count == 3)
        #expect(list.allSatisfy { $0["state"] as? String == "finished" })
    }

    @Test("Ctrl-C ends with 130 and says how to go on")
    func interrupted() throws {
        let program = try Program()
        defer { program.discard() }
        try program.shop(["One mug", "Two mug", "Three mug"], seconds: 6)

        let running = try program.start([
            "generate", "shop.csv", "--out", "out", "--presets", "presets", "--preset", "short-mugs",
        ])
        while running.process.isRunning, !running.text("stderr").contains("plan:") { usleep(2000) }
        kill(running.process.processIdentifier, SIGINT)
        running.process.waitUntilExit()

        #expect(running.outcome.code == 130, "\(running.outcome.talk)")
        #expect(running.outcome.talk.contains("run the same command again"))
    }

    @Test("plan, apply, work and export are the same job in steps; two workers share it")
    func steps() throws {
        let program = try Program()
        defer { program.discard() }
        try program.shop(["One mug", "Two mug", "Three mug"])
        let presets = ["--presets", "presets"]

        let plan = try program.run("plan", "shop.csv", "--presets", "presets", "--preset", "short-mugs", "--json")
        let totals = try #require(try Program.json(plan)["totals"] as? [String: Any])
        #expect(totals["new"] as? Int == 3)
        #expect(try program.run("apply", "--presets", "presets").code == 0)
        let one = try program.start(["work", "--until-idle"] + presets)
        let two = try program.start(["work", "--until-idle"] + presets)
        one.process.waitUntilExit()
        two.process.waitUntilExit()
        #expect(one.outcome.code == 0, "\(one.outcome.talk)")
        #expect(two.outcome.code == 0, "\(two.outcome.talk)")

        let spend = try program.run("spend", "--json")
        #expect(spend.output.contains("\"submissions\" : 3"))
        for (format, path) in [("csv", "v.csv"), ("json", "v.json"), ("gallery", "g")] {
            #expect(try program.run("export", "--to", format, "--out", path).code == 0)
            #expect(FileManager.default.fileExists(atPath: program.folder + "/" + path))
        }
        let same = try program.run(
            "export",
            "--to",
            "same",
            "--out",
            "same.csv",
            "--media-url",
            "https://cdn.example/v"
        )
        #expect(same.code == 0, "\(same.talk)")
        let before = try String(contentsOfFile: program.folder + "/shop.csv", encoding: .utf8).split(separator: "\n")
        let after = try String(contentsOfFile: program.folder + "/same.csv", encoding: .utf8).split(separator: "\n")
        #expect(after.count == before.count)
        #expect(zip(before, after).allSatisfy { $1.hasPrefix($0) })
        #expect(after.first?.hasSuffix(",video_link") == true)
        #expect(after.dropFirst().allSatisfy { $0.contains("https://cdn.example/v/") })
        let google = try program.run("export", "--to", "meta", "--out", "m.csv", "--media-url", "https://cdn.example/v")
        #expect(google.code == 0)
        let table = try String(contentsOfFile: program.folder + "/m.csv", encoding: .utf8)
        #expect(table.contains("M-0,https://cdn.example/v/"))
    }

    @Test("a backup is a home that works, and prune leaves what is shown")
    func upkeep() throws {
        let program = try Program()
        defer { program.discard() }
        try program.shop(["One mug"])
        #expect(
            try program.run("generate", "shop.csv", "--out", "out", "--presets", "presets", "--preset", "short-mugs")
                .code == 0
        )

        #expect(try program.run("backup", "--out", "copy").code == 0)
        #expect(try program.run("prune", "--older-than", "0").code == 0)

        for home in [".vitrine", "copy"] {
            let export = try program.run("export", "--to", "gallery", "--out", "from-" + home, "--home", home)
            #expect(export.code == 0, "\(export.talk)")
            let html = try String(contentsOfFile: program.folder + "/from-\(home)/index.html", encoding: .utf8)
            #expect(html.contains("One mug"))
        }
    }
}
