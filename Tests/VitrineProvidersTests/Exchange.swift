import Foundation
import Synchronization
import VitrineCore
import VitrineTesting

@testable import VitrineProviders

/// A provider over recorded answers: each request is taken down, and answered by the next line.
struct Exchange: Sendable {
    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body: String
    }

    let provider: any VideoProvider
    let transport: ScriptedTransport
    let folder: String

    init(
        _ id: ProviderID,
        _ answers: [Answer],
        secret: String? = nil,
        address: String? = nil,
        failing error: TransportError? = nil
    ) throws {
        let rest = Mutex(answers)
        let transport = ScriptedTransport { (_) throws(TransportError) in
            if let error { throw error }
            let answer = rest.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            guard let answer else {
                throw TransportError(.unreachable, "no more answers were recorded", mayHaveBeenSent: false)
            }
            return HTTPResponse(status: answer.status, headers: answer.headers, body: Data(answer.body.utf8))
        }
        self.transport = transport
        let account = ProviderAccount(key: "k-1", address: address, webhookSecret: secret)
        guard
            let provider = Providers.provider(
                id,
                account,
                offers: PriceList.shipped.offers,
                transport: transport
            )
        else { throw TransportError(.badAddress, "no such provider", mayHaveBeenSent: false) }
        self.provider = provider
        folder = FileManager.default.temporaryDirectory.path + "/vitrine-providers-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("PNG".utf8).write(to: URL(filePath: folder + "/frame.png"))
        try Data("REF".utf8).write(to: URL(filePath: folder + "/other.png"))
    }

    /// An order for a model, with the picture at hand.
    func order(
        _ model: String,
        placement: Placement = .story,
        side: Int = 720,
        seconds: Double = 5,
        prompt: String = "a mug",
        configure: (inout SubmissionOrder) -> Void = { _ in }
    ) -> SubmissionOrder {
        let slot = Slot(product: "p_1", placement: placement)
        let request = VideoRequest(
            slot: slot,
            pictures: [Digest(of: "picture")],
            frame: FrameRecipe(placement: placement, shortSide: side, fit: .pad, background: .auto, productSize: 0.8),
            prompt: prompt,
            avoid: "blur",
            style: .init(words: "cinematic light", tag: "cinematic", look: .studio),
            motion: .orbit,
            seconds: seconds,
            fps: 24,
            seed: 7,
            provider: provider.id,
            model: model,
            tier: .final
        )
        var order = SubmissionOrder(
            key: "s_1",
            request: request,
            shot: 0,
            frame: FirstFrame(digest: Digest(of: "frame"), size: request.size, scale: 1),
            framePath: folder + "/frame.png"
        )
        configure(&order)
        return order
    }

    /// What was sent, one line each: method, address, then the header fields that are the provider's, then the body.
    var sent: [String] {
        transport.requests.map { request in
            let headers = request.headers.filter { $0.key != "Content-Type" }.sorted { $0.key < $1.key }
                .map { "\($0.key): \($0.value)" }
            return
                (["\(request.method) \(request.url)"] + headers
                + [request.body.map { String(decoding: $0, as: UTF8.self) } ?? ""]).joined(separator: "\n")
                .trimmingCharacters(in: .newlines)
        }
    }

    /// The failure of a submit.
    func refusal(_ model: String) async -> ProviderError? {
        do throws(ProviderError) {
            _ = try await provider.submit(order(model) { $0.addresses = ["https://cdn.example/frame.png"] })
            return nil
        } catch {
            return error
        }
    }

    /// What a look finds.
    func status(_ model: String, _ remote: RemoteJob = RemoteJob(id: "t-1")) async throws(ProviderError) -> RemoteStatus
    {
        try await provider.check(remote, order: order(model))
    }
}

/// The base64 of the three bytes that stand for a picture.
let pictureAddress = "data:image/png;base64,UE5H"
