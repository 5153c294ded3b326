import Foundation
import Testing
import VitrineCore
import VitrineTesting

@Suite("Commands as a stranger uses them")
struct CommandTests {
    @Test("wrong usage is 64, a feed that is not there 1, a feed with bad rows 3, and each says what to do")
    func codes() throws {
        let program = try Program()
        defer { program.discard() }
        try program.shop(["One mug"])

        let usage = try program.run("generate", "shop.csv")
        #expect(usage.code == 64)
        let missing = try program.run("import", "nowhere.csv")
        #expect(missing.code == 1)
        #expect(missing.talk.contains("error: no feed at `nowhere.csv`"))
        #expect(missing.talk.contains("hint: "))
        try FileManager.default.removeItem(atPath: program.folder + "/mug-cobalt.jpg")
        let partly = try program.run("import", "shop.csv", "--json")
        #expect(partly.code == 3)
        let report = try Program.json(partly)
        let diagnostics = try #require(report["diagnostics"] as? [[String: Any]])
        #expect(diagnostics.contains { $0["code"] as? String == "image.missing" && $0["line"] as? Int == 2 })
    }

    @Test("a feed comes from standard input too")
    func standardInput() throws {
        let program = try Program()
        defer { program.discard() }
        try program.shop(["One mug"])
        let feed = try Data(contentsOf: URL(filePath: program.folder + "/shop.csv"))

        let imported = try program.run("import", "-", "--feed", "piped", "--images", ".", "--json", input: feed)

        #expect(imported.code == 0, "\(imported.talk)")
        #expect(imported.output.contains("\"name\" : \"piped\""))
    }

    @Test("a dry run leaves the home as it was")
    func dryRun() throws {
        let program = try Program()
        defer { program.discard() }
        try program.shop(["One mug"])

        let dry = try program.run(
            "generate",
            "shop.csv",
            "--out",
            "out",
            "--presets",
            "presets",
            "--preset",
            "short-mugs",
            "--dry-run"
        )
        #expect(dry.code == 0, "\(dry.talk)")
        #expect(dry.output.contains("1 new"))

        let products = try program.run("products", "list", "--json")
        #expect(products.output.trimmingCharacters(in: .whitespacesAndNewlines).hasPrefix("["))
        #expect(!products.output.contains("One mug"))
    }

    @Test("without ffmpeg, doctor and generate say the command that mends it, before any work")
    func doctor() throws {
        var program = try Program()
        defer { program.discard() }
        try program.shop(["One mug"])
        program.environment["PATH"] = "/nowhere"

        let doctor = try program.run("doctor")
        #expect(doctor.code == 1)
        #expect(doctor.output.contains("apt-get install ffmpeg"))
        let generate = try program.run("generate", "shop.csv", "--out", "out")
        #expect(generate.code == 1)
        #expect(generate.talk.contains("apt-get install ffmpeg"))
        #expect(!FileManager.default.fileExists(atPath: program.folder + "/.vitrine/vitrine.db"))
    }

    @Test("an invalid setting is named before anything is done")
    func settings() throws {
        var program = try Program()
        defer { program.discard() }
        program.environment["VITRINE_SMALLEST_SIDE"] = "many"

        let list = try program.run("products", "list")

        #expect(list.code == 1)
        #expect(list.talk.contains("`VITRINE_SMALLEST_SIDE`"))
    }

    @Test(
        "the model of a setting is asked unless another one is named, whether the list has its name or not; the others stay",
        arguments: [
            ("", "", "doubao-seedance-2-0-260128"),
            ("doubao-seedance-2-0-mini-260615", "", "doubao-seedance-2-0-mini-260615"),
            ("ep-20260101-abcde", "", "ep-20260101-abcde"),
            ("ep-20260101-abcde", "doubao-seedance-2-0-fast-260128", "doubao-seedance-2-0-fast-260128"),
        ]
    )
    func modelSetting(setting: String, named: String, asked: String) throws {
        var program = try Program()
        defer { program.discard() }
        try program.shop(["One mug"])
        program.environment["VITRINE_ARK_KEY"] = "k"
        program.environment["VITRINE_ARK_MODEL"] = setting
        let model = named.isEmpty ? [] : ["--model", named]

        let plan = try program.start(["plan", "shop.csv", "--provider", "ark", "--json", "--dry-run"] + model)
        plan.process.waitUntilExit()

        #expect(plan.outcome.output.contains("\"\(asked)\""), "\(plan.outcome.talk)")
        let list = try program.run("providers", "list", "ark").output.split(separator: "\n")
        #expect(list[1].contains(setting.isEmpty ? asked : setting))
        #expect(list.contains { $0.contains("doubao-seedance-2-0-fast-260128") })
    }

    @Test("explain, render and show tell what a product gets and why")
    func explain() throws {
        let program = try Program()
        defer { program.discard() }
        try program.shop(["One mug"])
        _ = try program.run("import", "shop.csv")

        let explain = try program.run("presets", "explain", "M-0", "--presets", "presets")
        #expect(explain.code == 0)
        #expect(explain.output.contains("→  drinkware"))
        #expect(explain.output.contains("short-mugs"))
        let render = try program.run(
            "presets",
            "render",
            "M-0",
            "--presets",
            "presets",
            "--preset",
            "short-mugs",
            "--out",
            "frame.png"
        )
        #expect(render.code == 0, "\(render.talk)")
        #expect(render.output.contains("One mug, slow push-in"))
        let frame = try Data(contentsOf: URL(filePath: program.folder + "/frame.png"))
        #expect(frame.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        let unknown = try program.run("products", "show", "nobody")
        #expect(unknown.code == 1)
        #expect(unknown.talk.contains("no product or SKU `nobody`"))
    }

    @Test("every help names the exit codes", arguments: HelpTests.commands)
    func exitCodes(command: String) throws {
        let program = try Program()
        defer { program.discard() }

        let help = try program.start(command.split(separator: " ").map(String.init) + ["--help"])
        help.process.waitUntilExit()

        #expect(help.outcome.code == 0)
        #expect(help.outcome.output.contains("130 interrupted"))
    }
}

@Suite("Help")
struct HelpTests {
    static let commands = [
        "", "generate", "import", "plan", "apply", "work", "serve", "export", "products list", "products show",
        "videos list",
        "videos show", "videos approve", "videos reject", "videos choose", "videos promote", "jobs list", "jobs show",
        "jobs cancel", "jobs retry", "jobs adopt", "regenerate", "spend", "budget show", "budget set", "presets list",
        "presets show", "presets check", "presets explain", "presets render", "presets test", "presets new",
        "presets schema", "providers list", "providers check", "keys create", "keys list", "keys revoke", "backup",
        "prune", "simulate", "doctor",
    ]

    @Test("every help reads as it was read last")
    func snapshot() throws {
        let program = try Program()
        defer { program.discard() }
        var text = ""
        for command in Self.commands {
            let help = try program.start(command.split(separator: " ").map(String.init) + ["--help"])
            help.process.waitUntilExit()
            text += "$ vitrine \(command) --help\n\(help.outcome.output)\n"
        }

        #expect(try Snapshots.difference(of: text, from: "help.txt", beside: #filePath) == nil)
    }
}
