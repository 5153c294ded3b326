import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing
import VitrineCore
import VitrineImaging
import VitrinePipeline
import VitrinePresets
import VitrineStorage
import VitrineTesting

@testable import VitrineServer

/// A small shop behind the service: a database in memory, one scripted provider, two presets.
final class ServedShop: Sendable {
    let store: SQLStore
    let time = ManualTime()
    let server: Server
    let home: ServedHome
    let provider: ScriptedProvider
    let folder: String

    static let presets = """
        preset: kitchen
        title: Kitchen
        match: {title: [mug, bowl]}
        frame: {placements: ["1:1"], fit: pad, background: auto, product_size: 0.8}
        video: {seconds: 6, motion: orbit}
        prompt: "{{title}}, slow turn"
        tiers: {draft: {provider: scripted}, final: {provider: scripted, resolution: 1080P}}
        """

    init(
        price: Money = .zero("USD"),
        callback: CallbackVerdict = .unsigned,
        ringsFor remote: String? = nil,
        part: Server.Part = .whole,
        _ change: (inout ServerOptions) -> Void = { _ in }
    ) async throws {
        folder = FileManager.default.temporaryDirectory.path + "/vitrine-server-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/work", withIntermediateDirectories: true)
        store = try SQLStore.inMemory()
        let media = try MediaDirectory(path: folder + "/media")
        let random = RandomSource.system
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let pool = BlockingPool(name: "pictures", width: 1)
        let transport = ScriptedTransport { _ throws(TransportError) in
            throw TransportError(.unreachable, "no network here", mayHaveBeenSent: false)
        }
        var script = ScriptedProvider.Script()
        script.price = price
        script.callback = callback
        script.ringsFor = remote
        var options = ServerOptions()
        options.largestUpload = 1 << 20
        change(&options)
        let importer = CatalogImporter(
            catalog: store,
            media: media,
            transport: transport,
            pool: pool,
            limits: ImageLimits(),
            time: time.source,
            work: folder + "/work"
        )
        provider = ScriptedProvider("scripted", script)
        home = ServedHome(
            store: store,
            media: media,
            presets: PresetDesk(
                store: store,
                files: Checked([PresetFile(name: "shop.yaml", text: Self.presets)]),
                offers: provider.offers,
                frames: FirstFrames(media: media, pool: pool, limits: ImageLimits()),
                time: time.source,
                random: random
            ),
            imports: ImportDesk(
                store: store,
                importer: importer,
                work: folder + "/work",
                time: time.source,
                random: random,
                log: log
            ),
            thumbnails: Thumbnails(media: media, pool: pool, limits: ImageLimits()),
            drafts: DraftClips(
                provider: provider,
                finisher: ReadyFinisher(),
                frames: FirstFrames(media: media, pool: pool, limits: ImageLimits()),
                media: media,
                work: folder + "/work",
                time: time.source
            ),
            providers: [provider],
            offers: provider.offers,
            exporter: Exporter { order, path in
                try Data("exported as \(order.format.rawValue)\n".utf8).write(to: URL(filePath: path))
                return Exporter.Document(path: path, contentType: "text/csv", name: "videos.csv")
            },
            checks: [ReadinessCheck("disk") { nil }],
            work: folder + "/work",
            secret: LinkSecret(bytes: Array(repeating: 7, count: 32)),
            options: options,
            time: time.source,
            random: random
        )
        server = Server(home: home, part: part, metrics: PrometheusText(), log: log)
    }

    deinit {
        // The system sweeps its temporary folder by itself.
        try? FileManager.default.removeItem(atPath: folder)
    }

    static let feed =
        "id,title,description,link,price,image_link\nA-1,Blue mug,A mug,https://shop.example/a,9.00 USD,a.jpg\n"

    /// Imports the feed with its one picture.
    func stock() async throws {
        let picture = ImageEncoding.png(DrawnImages.scene(PixelSize(width: 600, height: 600)))
        var body = Data()
        for (field, file, bytes) in [("feed", "shop.csv", Data(Self.feed.utf8)), ("picture", "a.jpg", picture)] {
            body += Data(
                "--edge\r\nContent-Disposition: form-data; name=\"\(field)\"; filename=\"\(file)\"\r\n\r\n".utf8
            )
            body += bytes + Data("\r\n".utf8)
        }
        body += Data("--edge--\r\n".utf8)
        let answer = try await send(.post, "/v1/imports", type: "multipart/form-data; boundary=edge", body)
        #expect(answer.status == 202, "\(answer.text)")
        #expect(try await home.imports.importNext())
    }

    /// Brings a take to its end: its clip are the ten digits; gives back its video.
    @discardableResult
    func finishTake() async throws -> VideoID {
        let answer = try await post("/v1/products/A-1/videos", "{}")
        let id = try #require(answer["id"])
        let job = try #require(try await store.job(JobID(id)))
        let path = folder + "/work/clip.mp4"
        try Data("0123456789".utf8).write(to: URL(filePath: path))
        let file = try await home.media.adopt(fileAt: path, kind: "mp4")
        var lane = provider.lane
        lane.limit = 99
        try await store.register([lane])
        let now = time.now
        _ = try await store.claim(
            lane: provider.lane.id,
            run: nil,
            token: "t",
            until: now.adding(.seconds(99)),
            limit: 99,
            at: now
        )
        let video = Video(
            id: VideoID("v_\(id)"),
            slot: job.slot,
            take: job.take,
            job: job.id,
            fingerprint: job.fingerprint,
            finishFingerprint: job.request.finishFingerprint,
            provider: job.request.provider,
            model: job.request.model,
            tier: job.request.tier,
            preset: job.preset,
            clip: FinishedClip(
                file: file,
                poster: file,
                size: job.request.size,
                seconds: 6,
                fps: 24,
                verdicts: []
            ),
            state: .new,
            createdAt: now
        )
        let remote = RemoteJob(id: "r_1")
        for event: JobEvent in [
            .begun(SubmissionKey("s_\(id)"), reserving: .zero("USD")), .accepted(remote, pollAt: now),
            .rendered(RemoteVideo(job: remote, location: "https://cdn.example/x.mp4")), .fetched(Clip(file: file)),
            .attached(video),
        ] {
            _ = try await store.record(
                event,
                for: job.id,
                submission: SubmissionKey("s_\(id)"),
                token: "t",
                keepingLeaseUntil: now.adding(.seconds(99)),
                at: now
            )
        }
        return video.id
    }

    struct Answer {
        var status: Int
        var headers: HTTPFields
        var text: String

        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

        subscript(path: String...) -> String? {
            var value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
            for key in path {
                if let index = Int(key) {
                    let list = value as? [Any] ?? []
                    value = list.indices.contains(index) ? list[index] : nil
                } else {
                    value = (value as? [String: Any])?[key]
                }
            }
            return value.map { "\($0)" }
        }
    }

    @discardableResult
    func send(
        _ method: HTTPTypes.HTTPRequest.Method,
        _ path: String,
        type: String? = nil,
        _ body: Data? = nil,
        _ headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields = HTTPFields()
        if let type { fields[.contentType] = type }
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        let headers = fields
        let application = Application(router: server.router)
        return try await application.test(.router) { client in
            try await client.execute(
                uri: path,
                method: method,
                headers: headers,
                body: body.map { ByteBuffer(bytes: $0) }
            ) { response in
                Answer(status: response.status.code, headers: response.headers, text: String(buffer: response.body))
            }
        }
    }

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
        try await send(.get, path, nil, headers)
    }

    func send(
        _ method: HTTPTypes.HTTPRequest.Method,
        _ path: String,
        _ body: Data?,
        _ headers: [String: String]
    ) async throws -> Answer { try await send(method, path, type: nil, body, headers) }

    func post(_ path: String, _ json: String, _ headers: [String: String] = [:]) async throws -> Answer {
        try await send(.post, path, type: "application/json", Data(json.utf8), headers)
    }
}
