import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import VitrineCore
import VitrinePipeline

/// `/v1/products`: the catalogue with its slots and takes.
struct ProductsAPI {
    let home: ServedHome

    func list(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let query = try Query(request, knows: ["q", "category", "feed", "preset", "state", "limit", "cursor"])
        let meant = ProductQuery(
            feed: try query.text("feed").map { FeedName($0) },
            category: try query.text("category").map { CategoryPath($0) },
            text: try query.text("q"),
            preset: try query.text("preset")
        )
        let states = try query.word("state", ProductState.self).map { [$0] } ?? []
        let (cursor, limit) = (try query.cursor, try query.limit)
        let page = try await home.store.products(meant, states: states, after: cursor, limit: limit)
        return JSONAnswer(ListAnswer(page) { ListedProductReport($0) })
    }

    func show(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        return try await home.kept.answer(to: request.uri.string) {
            let entry = try await home.desk.product(named: try context.path("product"))
            let slots = try await home.store.slots(of: [entry.product.id])[entry.product.id] ?? []
            return JSONAnswer(ProductReport(entry, slots))
        }
    }

    /// A new take; the same `Idempotency-Key` of the same caller makes it once and is answered the same, for a day.
    func regenerate(_ request: Request, _ context: ServerContext) async throws -> Response {
        _ = try Query(request)
        let name = try context.path("product")
        let (wish, bytes) = try await request.json(Wish.self, isOptional: true)
        let desk = home.desk
        let entry = try await desk.product(named: name)
        let placement =
            if let named = wish.placement { named } else { try await desk.placements(of: entry).first }
        guard let placement else {
            throw RequestError(.conflict, "the product's preset has no shape", hint: "name one by `placement`")
        }
        let slot = Slot(product: entry.product.id, placement: placement)
        let once = try Self.key(of: request)
            .map {
                IdempotencyKey(
                    caller: context.caller.id,
                    text: $0,
                    asked: Digest(of: "POST\n\(name)\n" + String(decoding: bytes, as: UTF8.self))
                )
            }
        let made = try await desk.regenerate(
            slot,
            in: entry,
            override: wish.override,
            once: once,
            requestID: context.requestID
        ) { job in
            let detail = JobDetail(
                job,
                skus: entry.product.skus,
                lanes: try await home.store.lanes(),
                now: home.time.now(),
                events: nil
            )
            return String(decoding: ReportJSON.data(detail), as: UTF8.self)
        }
        var headers: HTTPFields = [.contentType: "application/json"]
        if made.isRepeated, let name = HTTPField.Name("Idempotent-Replayed") { headers[name] = "true" }
        return Response(status: .accepted, headers: headers, body: .init(byteBuffer: ByteBuffer(string: made.answer)))
    }

    private static func key(of request: Request) throws(RequestError) -> String? {
        guard let name = HTTPField.Name("Idempotency-Key"), let text = request.headers[name] else { return nil }
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw RequestError(.invalid, "`Idempotency-Key`: expected 1 to 255 visible ASCII characters")
        }
        return text
    }

    /// What is to be different in a new take.
    private struct Wish: Decodable {
        var placement: Placement?
        var override = SlotOverride()

        enum CodingKeys: String, CodingKey, CaseIterable {
            case preset, placement, prompt, seed, provider, model, tier, seconds
        }

        init(from decoder: any Decoder) throws {
            try StrictKeys.check(decoder, CodingKeys.allCases)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            placement = try container.decodeIfPresent(Placement.self, forKey: .placement)
            override.preset = try container.decodeIfPresent(String.self, forKey: .preset)
            override.prompt = try container.decodeIfPresent(String.self, forKey: .prompt)
            override.seed = try container.decodeIfPresent(UInt64.self, forKey: .seed)
            override.provider = try container.decodeIfPresent(ProviderID.self, forKey: .provider)
            override.model = try container.decodeIfPresent(String.self, forKey: .model)
            override.tier = try container.decodeIfPresent(Tier.self, forKey: .tier)
            override.seconds = try container.decodeIfPresent(Double.self, forKey: .seconds)
            guard override.seconds.map({ (1...60).contains($0) }) ?? true else {
                throw RequestError(.invalid, "`seconds`: expected a number from 1 to 60")
            }
            // A larger number than this is not the same number in every program that reads JSON.
            guard override.seed.map({ $0 < 1 << 53 }) ?? true else {
                throw RequestError(.invalid, "`seed`: expected a whole number below 2^53")
            }
            let texts = [override.preset, override.model, override.provider?.rawValue].compactMap { $0 }
            guard texts.allSatisfy({ (1...200).contains($0.utf8.count) }), override.prompt?.utf8.count ?? 1 <= 10_000
            else { throw RequestError(.invalid, "expected names of at most 200 bytes and a prompt of at most 10000") }
        }
    }
}
