import ArgumentParser

/// A host and a port as they are typed: `127.0.0.1:8080`, `[::1]:8080`, `:8080` for every address of the machine.
struct ListenAddress: ExpressibleByArgument {
    var host: String
    var port: Int

    /// What an option says of it.
    static let help = ArgumentHelp(
        "Answer providers there, and those who watch: /media, callbacks, /healthz, /readyz and /metrics.",
        valueName: "host:port"
    )

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".:-".contains($0)) }) else { return nil }
        self.host = host.isEmpty ? "0.0.0.0" : String(host)
        self.port = port
    }
}
