import Foundation
import VitrineCore
import VitrinePipeline
import VitrineProviders
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
    func served(options: ServerOptions, tools: VideoTools, pool: WorkerPool?) async throws -> ServedHome {
        ServedHome(
            store: store,
            media: media,
            presets: presets,
            imports: imports,
            thumbnails: Thumbnails(media: media, pool: pictures, limits: limits),
            drafts: DraftClips(
                provider: localProvider(tools: tools, concurrency: 1),
                finisher: FFmpegFinisher(tools: tools, media: media, work: home.work),
                frames: frames,
                media: media,
                work: home.work,
                time: time
            ),
            providers: remoteProviders,
            offers: offers,
            exporter: Exporter { try await ServedExports(services: self).write($0, to: $1) },
            checks: readinessChecks(tools: tools) + [workersCheck(pool)],
            work: home.work,
            secret: try await linkSecret(),
            options: options,
            time: time,
            random: random
        )
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

    /// Where a provider that rings for all jobs is to be told to; nil for the others, and where this home is not reached.
    func callbackAddress(of provider: ProviderID) async throws -> String? {
        guard Providers.ringingForAllJobs.contains(provider), let base = try settings.publicURL() else { return nil }
        return base + (try await linkSecret()).callbackPath(provider: provider)
    }

    /// Where lasting links are made and ended.
    func links() throws -> LinkDesk {
        LinkDesk(jobs: store, links: store, base: try settings.publicURL(), time: time, random: random)
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

    /// Whether somebody works: the workers of this process, or of another where this one has none.
    private func workersCheck(_ pool: WorkerPool?) -> ReadinessCheck {
        let store = store
        let time = time
        return ReadinessCheck("workers") {
            if let pool { return pool.pulse.isAlive(at: time.now()) ? nil : "do not look for work" }
            do {
                let counts = try await store.counts(JobQuery())
                let isLate = counts.nextDueAt.map { $0.adding(.seconds(60)) < time.now() } ?? false
                let isHeld = try await store.lanes().contains { ($0.pausedUntil ?? .distantPast) > time.now() }
                let isWorked = try await !store.leases().isEmpty
                return isLate && !isHeld && !isWorked ? "jobs wait, and no process works on them" : nil
            } catch {
                return "cannot be known"
            }
        }
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
