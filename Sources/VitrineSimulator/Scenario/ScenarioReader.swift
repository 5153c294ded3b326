import Foundation
import VitrineCore
import Yams

extension Scenario {
    /// The scenario that a YAML text describes; throws the first thing that is wrong with it, and where.
    ///
    /// The keys are those of docs/simulator.md.
    public init(yaml: String) throws(ScenarioProblem) {
        self.init()
        guard let root = try ScenarioReader.root(of: yaml) else { return }
        var map = try ScenarioReader(root)
        _ = try map.text("scenario")
        if let number = try map.number("seed") { seed = UInt64(max(0, number)) }
        try common.read(&map)
        if let node = map.take("providers") {
            for (name, node) in try ScenarioReader.entries(of: node) {
                guard Simulator.providers.contains(name) else {
                    throw ScenarioReader.problem(node, "expected one of \(Simulator.providers) but got `\(name)`")
                }
                var habits = common
                var own = try ScenarioReader(node)
                try habits.read(&own)
                try own.end()
                self.own[name] = habits
            }
        }
        if let node = map.take("faults") {
            guard case .sequence(let items) = node else { throw ScenarioReader.problem(node, "expected a list") }
            for item in items {
                var reader = try ScenarioReader(item)
                faults.append(try Fault(&reader))
                try reader.end()
            }
        }
        try map.end()
    }
}

extension Scenario.Habits {
    fileprivate mutating func read(_ map: inout ScenarioReader) throws(ScenarioProblem) {
        if var jobs = try map.map("jobs") {
            wait = try jobs.seconds("wait") ?? wait
            render = try jobs.seconds("render") ?? render
            poll = try jobs.seconds("poll") ?? poll
            try jobs.end()
        }
        if var links = try map.map("links") {
            self.links = try links.seconds("live") ?? self.links
            hasSecureLinks = try links.flag("https") ?? hasSecureLinks
            try links.end()
        }
        if var limits = try map.map("limits") {
            inFlight = try limits.whole("in_flight") ?? inFlight
            submitsPerMinute = try limits.whole("submits_per_minute") ?? submitsPerMinute
            requestsPerSecond = try limits.whole("requests_per_second") ?? requestsPerSecond
            hints = try limits.flag("hints") ?? hints
            try limits.end()
        }
        key = try map.text("key") ?? key
        secret = try map.text("secret") ?? secret
        webhook = try map.text("webhook") ?? webhook
        isRetired = try map.flag("retired") ?? isRetired
        blocked = try map.texts("blocked") ?? blocked
        if let amount = try map.number("credit") { credit = Money(micros: Int64(amount * 1_000_000), currency: "USD") }
    }
}

extension Fault {
    fileprivate init(_ map: inout ScenarioReader) throws(ScenarioProblem) {
        let aims = try map.texts("on") ?? []
        deed = try Deed(&map)
        switch deed.targets {
        case .exchange:
            for aim in aims {
                guard let exchange = Exchange(rawValue: aim) else {
                    let known = Exchange.allCases.map(\.rawValue).joined(separator: ", ")
                    throw map.problem("`on`: expected some of \(known) but got `\(aim)`")
                }
                exchanges.insert(exchange)
            }
            guard !exchanges.isEmpty else { throw map.problem("`on` is missing: the exchanges that it strikes") }
        case .job, .webhook:
            guard aims.isEmpty || aims == [deed.targets.rawValue] else {
                throw map.problem("`on`: this can only happen to a \(deed.targets.rawValue)")
            }
        }
        if let names = try map.texts("providers") { providers = Set(names) }
        prompt = try map.text("prompt")
        if let number = try map.whole("nth") {
            pick = .nth(number)
        } else if let number = try map.whole("first") {
            pick = .first(number)
        } else if let number = try map.whole("every") {
            pick = .every(number)
        } else if let chance = try map.number("chance") {
            pick = .chance(chance)
        }
    }
}

extension Deed {
    fileprivate init(_ map: inout ScenarioReader) throws(ScenarioProblem) {
        let name = try map.text("do") ?? ""
        func status() throws(ScenarioProblem) -> Int {
            let status = try map.whole("status") ?? 503
            guard (500...599).contains(status) else { throw map.problem("`status`: expected 500 to 599") }
            return status
        }
        switch name {
        case "delay": self = .delay(try map.seconds("seconds") ?? .seconds(1))
        case "drop-before": self = .dropBefore
        case "drop-after": self = .dropAfter
        case "rate-limit": self = .rateLimit(after: try map.seconds("seconds"))
        case "error": self = .error(try status())
        case "error-after": self = .errorAfter(try status())
        case "truncate": self = .truncate
        case "garbage": self = .garbage
        case "slow": self = .slow(bytesPerSecond: try map.whole("bytes_per_second") ?? 20_000)
        case "fail": self = .fail
        case "moderate": self = .moderate
        case "never-end": self = .neverEnd
        case "vanish": self = .vanish
        case "expire-link": self = .expireLink
        case "double": self = .double
        case "late": self = .late(try map.seconds("seconds") ?? .seconds(60))
        case "forge": self = .forge
        case "reorder": self = .reorder
        case "lose": self = .lose
        default: throw map.problem("`do`: there is no fault `\(name)`; see docs/simulator.md")
        }
    }
}

/// A YAML mapping whose keys are taken one by one, so that what is left at the end is a mistake.
struct ScenarioReader {
    private var values: [String: Node] = [:]
    private let line: Int

    init(_ node: Node) throws(ScenarioProblem) {
        line = node.mark?.line ?? 1
        for (key, value) in try ScenarioReader.entries(of: node) { values[key] = value }
    }

    static func root(of yaml: String) throws(ScenarioProblem) -> Node? {
        do {
            return try compose(yaml: yaml)
        } catch {
            throw ScenarioProblem(line: 1, message: "the file is no YAML: \(error)")
        }
    }

    static func entries(of node: Node) throws(ScenarioProblem) -> [(String, Node)] {
        guard case .mapping(let mapping) = node else { throw problem(node, "expected a mapping") }
        var entries: [(String, Node)] = []
        for (key, value) in mapping {
            guard case .scalar(let name) = key else { throw problem(key, "expected a word as key") }
            entries.append((name.string, value))
        }
        return entries
    }

    static func problem(_ node: Node, _ message: String) -> ScenarioProblem {
        ScenarioProblem(line: node.mark?.line ?? 1, message: message)
    }

    func problem(_ message: String) -> ScenarioProblem { ScenarioProblem(line: line, message: message) }

    mutating func take(_ key: String) -> Node? { values.removeValue(forKey: key) }

    mutating func map(_ key: String) throws(ScenarioProblem) -> ScenarioReader? {
        guard let node = take(key) else { return nil }
        return try ScenarioReader(node)
    }

    mutating func text(_ key: String) throws(ScenarioProblem) -> String? {
        guard let node = take(key) else { return nil }
        guard case .scalar(let scalar) = node else { throw Self.problem(node, "`\(key)`: expected a word") }
        return scalar.string
    }

    mutating func texts(_ key: String) throws(ScenarioProblem) -> [String]? {
        guard let node = take(key) else { return nil }
        switch node {
        case .scalar(let scalar): return [scalar.string]
        case .sequence(let items): return items.compactMap(\.string)
        case .mapping, .alias: throw Self.problem(node, "`\(key)`: expected a list of words")
        }
    }

    mutating func number(_ key: String) throws(ScenarioProblem) -> Double? {
        guard let node = values[key] else { return nil }
        guard let text = try text(key), let number = Double(text), number.isFinite, number >= 0 else {
            throw Self.problem(node, "`\(key)`: expected a number from 0")
        }
        return number
    }

    mutating func whole(_ key: String) throws(ScenarioProblem) -> Int? {
        guard let node = values[key] else { return nil }
        guard let text = try text(key), let number = Int(text), number > 0 else {
            throw Self.problem(node, "`\(key)`: expected a whole number from 1")
        }
        return number
    }

    mutating func seconds(_ key: String) throws(ScenarioProblem) -> Duration? {
        try number(key).map { .milliseconds(Int64($0 * 1000)) }
    }

    mutating func flag(_ key: String) throws(ScenarioProblem) -> Bool? {
        guard let node = values[key] else { return nil }
        guard let text = try text(key), text == "true" || text == "false" else {
            throw Self.problem(node, "`\(key)`: expected true or false")
        }
        return text == "true"
    }

    func end() throws(ScenarioProblem) {
        guard let (key, node) = values.min(by: { $0.key < $1.key }) else { return }
        throw Self.problem(node, "there is no key `\(key)` here; see docs/simulator.md")
    }
}
