public import ArgumentParser
import Foundation
public import VitrineCore
import VitrinePipeline

/// `vitrine keys create|list|revoke`.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Keys of the HTTP service.",
        discussion: ExitHelp.text,
        subcommands: [CreateKey.self, ListKeys.self, RevokeKey.self],
        defaultSubcommand: ListKeys.self
    )
}

struct CreateKey: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a key; its text is printed once and kept nowhere.",
        discussion: "  vitrine keys create --name erp --scope read --scope generate\n\n" + ExitHelp.text
    )

    @Option(help: ArgumentHelp("What it is called.", valueName: "name")) var name = "key"
    @Option(help: "What it may do: read, generate, author or admin; repeatable.") var scope: [Scope] = [.read]
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let (key, text) = AccessKey.new(
            name: name,
            scopes: Set(scope),
            at: services.time.now(),
            random: services.random
        )
        try await services.store.add(key)
        if global.json { return global.output.json(KeyReport(key, text: text)) }
        global.output.line(text)
        global.output.say("key `\(key.id)`: this is the only time that its text is shown")
    }
}

struct ListKeys: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List keys with what they may do and when they were last used.",
        discussion: ExitHelp.text
    )

    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        let keys = try await services.store.keys()
        if global.json { return global.output.json(keys.map { KeyReport($0, text: nil) }) }
        global.output.table(
            ["KEY", "NAME", "SCOPES", "LAST USED", "REVOKED"],
            keys.map { key in
                [
                    key.id.rawValue, key.name, key.scopes.map(\.rawValue).sorted().joined(separator: " "),
                    key.lastUsedAt.map { ReportJSON.text($0) } ?? "never",
                    key.revokedAt.map { ReportJSON.text($0) } ?? "",
                ]
            }
        )
    }
}

struct RevokeKey: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a key for ever.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The key, `k_…`.") var key: String
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let revoked = try await services.store.revoke(KeyID(key), at: services.time.now())
        if global.json { return global.output.json(KeyReport(revoked, text: nil)) }
        global.output.line("\(revoked.id): revoked")
    }
}

/// A key as `--json` prints it; with its text only when it was just made.
private struct KeyReport: Encodable {
    var id: KeyID
    var name: String
    var scopes: [String]
    var createdAt: Date
    var lastUsedAt: Date?
    var revokedAt: Date?
    var key: String?

    init(_ key: AccessKey, text: String?) {
        id = key.id
        name = key.name
        scopes = key.scopes.map(\.rawValue).sorted()
        createdAt = key.createdAt
        lastUsedAt = key.lastUsedAt
        revokedAt = key.revokedAt
        self.key = text
    }
}

extension Scope: ExpressibleByArgument {}
