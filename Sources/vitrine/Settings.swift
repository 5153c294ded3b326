import Foundation
import VitrineTransport

/// One setting of the environment: its name, what it is without it, and what it is for.
struct Setting {
    var name: String
    var fallback: String
    var help: String
    var isSecret = false
}

/// A setting that cannot be used as it stands.
struct InvalidSetting: Error {
    var name: String
    var message: String
}

/// Everything that the environment may say, read once; the only place that knows the names of variables.
struct Settings {
    static let home = Setting(
        name: "VITRINE_HOME",
        fallback: "./.vitrine",
        help: "the folder that holds everything of one shop"
    )
    static let presets = Setting(name: "VITRINE_PRESETS", fallback: "", help: "a folder of the merchant's own presets")
    static let smallestSide = Setting(
        name: "VITRINE_SMALLEST_SIDE",
        fallback: "300",
        help: "the fewest pixels that a picture may have on its shorter side"
    )
    static let pictureMemory = Setting(
        name: "VITRINE_PICTURE_MEMORY",
        fallback: "384",
        help: "the most memory, in MB, that decoding one picture may take"
    )
    static let allowHosts = Setting(
        name: "VITRINE_ALLOW_HOSTS",
        fallback: "",
        help: "private addresses that feeds may name, as host:port, separated by commas"
    )
    static let concurrency = Setting(
        name: "VITRINE_CONCURRENCY",
        fallback: "",
        help: "how many videos are made at once; half of the processors by default"
    )
    static let prices = Setting(
        name: "VITRINE_PRICES",
        fallback: "",
        help: "a YAML file of the merchant's own prices, as docs/providers.md shows"
    )
    static let timezone = Setting(name: "VITRINE_TIMEZONE", fallback: "UTC", help: "the time zone in which days begin")
    static let publicURL = Setting(
        name: "VITRINE_PUBLIC_URL",
        fallback: "",
        help: "where others reach the service, such as https://video.shop.example; some providers fetch pictures there"
    )
    static let adminKeyFile = Setting(
        name: "VITRINE_ADMIN_KEY_FILE",
        fallback: "",
        help: "a file whose text is a key of the service with every scope"
    )
    static let requestsAMinute = Setting(
        name: "VITRINE_REQUESTS_A_MINUTE",
        fallback: "3000",
        help: "how many requests a key may send in a minute; 0 for any number"
    )
    static let largestUpload = Setting(
        name: "VITRINE_LARGEST_UPLOAD",
        fallback: "1024",
        help: "the largest upload, in MB"
    )
    static let log = Setting(name: "VITRINE_LOG", fallback: "text", help: "how logs are written: `text` or `json`")

    /// All of them, in the order of docs/operating.md.
    static let all = [
        home, presets, smallestSide, pictureMemory, allowHosts, concurrency, prices, timezone, publicURL, adminKeyFile,
        requestsAMinute, largestUpload, log,
    ]

    let environment: [String: String]

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.environment = environment
    }

    func text(_ setting: Setting) -> String {
        let value = environment[setting.name] ?? ""
        return value.isEmpty ? setting.fallback : value
    }

    func number(_ setting: Setting, within range: ClosedRange<Int>) throws(InvalidSetting) -> Int {
        guard let value = Int(text(setting)), range.contains(value) else {
            throw InvalidSetting(
                name: setting.name,
                message: "expected a whole number from \(range.lowerBound) to \(range.upperBound) "
                    + "but got `\(text(setting))`"
            )
        }
        return value
    }

    func hosts() throws(InvalidSetting) -> Set<AllowedHost> {
        var hosts = Set<AllowedHost>()
        for part in text(Self.allowHosts).split(separator: ",") {
            guard let host = AllowedHost(String(part)) else {
                throw InvalidSetting(
                    name: Self.allowHosts.name,
                    message: "expected host:port but got `\(part)`"
                )
            }
            hosts.insert(host)
        }
        return hosts
    }

    func concurrency() throws(InvalidSetting) -> Int {
        guard !text(Self.concurrency).isEmpty else { return max(1, ProcessInfo.processInfo.activeProcessorCount / 2) }
        return try number(Self.concurrency, within: 1...256)
    }

    func timezone() throws(InvalidSetting) -> TimeZone {
        guard let zone = TimeZone(identifier: text(Self.timezone)) else {
            throw InvalidSetting(
                name: Self.timezone.name,
                message: "expected a time zone such as `Europe/Berlin` but got `\(text(Self.timezone))`"
            )
        }
        return zone
    }

    /// The public address without a slash at its end; nil when none is set.
    func publicURL() throws(InvalidSetting) -> String? {
        let text = text(Self.publicURL)
        if text.isEmpty { return nil }
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host != nil, url.query == nil
        else {
            throw InvalidSetting(
                name: Self.publicURL.name,
                message: "expected an http or https address but got `\(text)`"
            )
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
