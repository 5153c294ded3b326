import Foundation
import VitrineCore
import VitrinePipeline
import VitrineServer
import VitrineVideo

extension Services {
    /// How the service behaves, by flags and settings.
    func serverOptions(host: String, port: Int) throws -> ServerOptions {
        var options = ServerOptions()
        options.host = host
        options.port = port
        options.publicURL = try settings.publicURL()
        options.timezone = try settings.timezone()
        options.requestsAMinute = try settings.number(Settings.requestsAMinute, within: 0...10_000_000)
        options.largestUpload = try settings.number(Settings.largestUpload, within: 1...65_536) << 20
        options.adminKey = try adminKey()
        return options
    }

    /// This home as the service sees it.
    func served(options: ServerOptions, tools: VideoTools) async throws -> ServedHome {
        var home = ServedHome(
            store: store,
            media: media,
            presets: try presets(),
            imports: imports,
            offers: offers,
            exporter: Exporter { try await ServedExports(services: self).write($0, to: $1) },
            checks: readinessChecks(tools: tools),
            work: home.work,
            secret: try await linkSecret(),
            options: options,
            time: time,
            random: random
        )
        home.isGenuine = isGenuine
        return home
    }

    /// Judges callbacks as their providers sign them; nobody rings for a provider that has no account here.
    private var isGenuine: @Sendable (ProviderID, [String: String], Data) async -> Bool {
        let providers = Dictionary(uniqueKeysWithValues: remoteProviders.map { ($0.id, $0) })
        let time = time
        return { id, headers, body in
            switch await providers[id]?.verify(headers: headers, body: body, now: time.now()) {
            case .signed, .unsigned: true
            case .forged, nil: false
            }
        }
    }

    /// What this home signs its links with, made once.
    private func linkSecret() async throws -> LinkSecret {
        try await store.linkSecret(orElse: LinkSecret(bytes: random.bytes(32)))
    }

    /// Where providers fetch pictures and say that something has happened; nil unless `VITRINE_PUBLIC_URL` says where this home is served.
    func publicAddresses() async throws -> PublicAddresses? {
        guard let base = try settings.publicURL() else { return nil }
        let secret = try await linkSecret()
        let time = time
        return PublicAddresses(
            picture: { base + secret.path(to: $0, until: time.now().adding(.seconds(86_400))) },
            callback: { base + secret.callbackPath(provider: $1, job: $0) }
        )
    }

    /// Presets as they are today.
    func presets() throws -> PresetDesk {
        let folder = presetFolder
        return PresetDesk(
            store: store,
            files: folder.isEmpty ? [] : try PresetFolder.files(in: folder).value,
            offers: offers,
            frames: frames,
            time: time,
            random: random
        )
    }

    /// Where uploaded feeds become catalogues.
    var imports: ImportDesk {
        ImportDesk(
            store: store,
            importer: importer,
            work: home.work,
            name: WorkerProcess.name,
            time: time,
            random: random,
            log: log
        )
    }

    /// The digest of the key in `VITRINE_ADMIN_KEY_FILE`; nil when none is named.
    private func adminKey() throws -> Digest? {
        let path = settings.text(Settings.adminKeyFile)
        guard !path.isEmpty else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8).trimmed else {
            throw InvalidSetting(name: Settings.adminKeyFile.name, message: "the file `\(path)` cannot be read")
        }
        guard text.utf8.count >= 20 else {
            throw InvalidSetting(
                name: Settings.adminKeyFile.name,
                message: "expected a key of at least 20 characters in `\(path)`"
            )
        }
        return Digest(of: text)
    }

    private func readinessChecks(tools: VideoTools) -> [ReadinessCheck] {
        let store = store
        let path = home.path
        return [
            ReadinessCheck("database") {
                do {
                    _ = try await store.lanes()
                    return nil
                } catch {
                    return "cannot be read"
                }
            },
            ReadinessCheck("disk") {
                // A disk that cannot be asked is as bad as a full one.
                let room = try? FileManager.default.attributesOfFileSystem(forPath: path)[.systemFreeSize] as? Int64
                return (room ?? 0) > 256 << 20 ? nil : "less than 256 MB are free"
            },
            ReadinessCheck("ffmpeg") {
                FileManager.default.isExecutableFile(atPath: tools.ffmpeg) ? nil : "is gone"
            },
        ]
    }
}
