import CAssets
import Foundation
public import VitrineCore
import Yams

/// What the models can do and what they cost: the shipped table, with what a merchant's own file replaces.
public struct PriceList: Sendable {
    /// A price list that cannot be used as it stands.
    public struct Problem: Error, Hashable, Sendable {
        /// What is wrong, and where.
        public var message: String
    }

    /// Every row, in the order of the file.
    public var offers: [Offer]

    /// The rows of a YAML text; a provider in it replaces that provider's rows in `other`.
    public init(yaml: String, over other: PriceList? = nil) throws(Problem) {
        guard yaml.utf8.count <= 256 * 1024 else { throw Problem(message: "a price list has at most 256 kB") }
        let sheets: [Sheet]
        do {
            sheets = try YAMLDecoder().decode([Sheet].self, from: yaml)
        } catch let error as DecodingError {
            throw Problem(message: PriceList.words(of: error))
        } catch {
            throw Problem(message: "not valid YAML: \(error)")
        }
        var rows: [Offer] = []
        for sheet in sheets {
            for model in sheet.models {
                for price in model.prices { rows += try price.offers(of: model, in: sheet) }
            }
        }
        let replaced = Set(rows.map(\.provider))
        offers = (other?.offers.filter { !replaced.contains($0.provider) } ?? []) + rows
    }

    /// The table that travels inside the program.
    public static let shipped: PriceList = {
        var index = 0
        while let asset = vitrine_asset_at(index)?.pointee {
            index += 1
            guard String(cString: asset.name) == "Sources/VitrineProviders/prices.yaml" else { continue }
            let bytes = UnsafeBufferPointer(start: asset.bytes, count: asset.count)
            do {
                return try PriceList(yaml: String(decoding: bytes, as: UTF8.self))
            } catch {
                preconditionFailure("the shipped price list is read by a test: \(error)")
            }
        }
        preconditionFailure("the price list is among the files that travel inside the program")
    }()

    private static func words(of error: DecodingError) -> String {
        let context: DecodingError.Context
        switch error {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found): context = found
        case .keyNotFound(let key, let found):
            return "`\(place(found.codingPath))` has no `\(key.stringValue)`"
        @unknown default: return "not a price list"
        }
        return "`\(place(context.codingPath))`: \(context.debugDescription)"
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}

/// One provider's part of the file.
private struct Sheet: Decodable {
    struct TopUp: Decodable {
        var pay: String
        var get: String
    }

    struct Prompt: Decodable {
        var most: Int
        var of: Offer.PromptLimit.Measure
    }

    struct Model: Decodable {
        var model: String
        var shapes: Shapes
        var seconds: Lengths?
        var fps: Int
        var sound: Sound?
        var prompt: Prompt?
        var references: Int?
        var text: Bool?
        var ratios: [Placement]?
        var prices: [Price]
    }

    enum Sound: String, Decodable {
        case always, never, chosen
    }

    var provider: ProviderID
    var source: String
    var date: String
    var currency: String
    var topUp: TopUp?
    var models: [Model]

    private enum CodingKeys: String, CodingKey {
        case provider, source, date, currency, models
        case topUp = "top_up"
    }

    /// A list price as it is with the bonus of a top-up, rounded up.
    func effective(_ list: Money) throws(PriceList.Problem) -> Money {
        guard let topUp else { return list }
        guard let pay = Money(topUp.pay, currency: currency), let get = Money(topUp.get, currency: currency),
            pay.micros > 0, get.micros >= pay.micros
        else { throw PriceList.Problem(message: "`\(provider)`: expected `top_up` to give at least what is paid") }
        let micros = (Double(list.micros) * Double(pay.micros) / Double(get.micros)).rounded(.up)
        return Money(micros: Int64(micros), currency: currency)
    }
}

/// `picture`, or a list of shapes.
private struct Shapes: Decodable {
    var placements: [Placement]?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let word = try? container.decode(String.self), word == "picture" { return }  // Else it is a list.
        placements = try container.decode([Placement].self)
    }
}

/// `3..15`, or a list of lengths.
private struct Lengths: Decodable {
    var seconds: [Double]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let list = try? container.decode([Double].self) {  // Else it is a range.
            seconds = list
            return
        }
        let ends = try container.decode(String.self).split(separator: ".", omittingEmptySubsequences: true)
        guard ends.count == 2, let from = Int(ends[0]), let to = Int(ends[1]), from > 0, from <= to, to <= 600 else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected a range such as 3..15 or a list of lengths"
            )
        }
        seconds = (from...to).map(Double.init)
    }
}

/// One price of a model.
private struct Price: Decodable {
    var resolution: String
    var mode: String?
    var sound: Bool?
    var seconds: Lengths?
    var second: String?
    var video: String?
    var millionTokens: String?
    var tokensASecond: Double?
    var credits: Double?
    var credit: String?

    private enum CodingKeys: String, CodingKey {
        case resolution, mode, sound, seconds, second, video, credits, credit
        case millionTokens = "million_tokens"
        case tokensASecond = "tokens_a_second"
    }

    /// What Ark and Alibaba take as `ratio` (their documents as of 2026-11-22): of our shapes all but 4:5.
    static let ratios: [Placement] = [.square, .tall, .story, .wide]

    func offers(of model: Sheet.Model, in sheet: Sheet) throws(PriceList.Problem) -> [Offer] {
        let name = "`\(sheet.provider)` `\(model.model)`"
        guard let side = Int(resolution.lowercased() == "4k" ? "2160" : resolution.filter(\.isNumber)) else {
            throw PriceList.Problem(message: "\(name): expected a resolution such as 1080P but got `\(resolution)`")
        }
        guard let lengths = (seconds ?? model.seconds)?.seconds else {
            throw PriceList.Problem(message: "\(name) has no `seconds`")
        }
        let (price, unit, metered) = try cost(sheet, name)
        let sounds: [Bool] =
            switch (sound, model.sound) {
            case (.some(let sound), _): [sound]
            case (nil, .chosen): [false, true]
            case (nil, .always): [true]
            case (nil, .never), (nil, nil): [false]
            }
        return sounds.map { sound in
            var offer = Offer(
                provider: sheet.provider,
                model: model.model,
                mode: mode,
                shortSide: side,
                shapes: model.shapes.placements,
                seconds: lengths,
                fps: [model.fps],
                sound: sound,
                price: price,
                unit: unit,
                source: sheet.source,
                date: sheet.date
            )
            offer.prompt = model.prompt.map { Offer.PromptLimit(most: $0.most, measure: $0.of) }
            offer.references = model.references ?? 0
            offer.takesText = model.text ?? false
            offer.ratios = model.ratios ?? Price.ratios
            offer.metered = metered
            return offer
        }
    }

    private func cost(_ sheet: Sheet, _ name: String) throws(PriceList.Problem) -> (Money, Offer.Unit, Money?) {
        func money(_ text: String) throws(PriceList.Problem) -> Money {
            guard let list = Money(text, currency: sheet.currency), list.micros >= 0 else {
                throw PriceList.Problem(message: "\(name): expected a price but got `\(text)`")
            }
            return try sheet.effective(list)
        }
        if let second { return (try money(second), .second, nil) }
        if let video { return (try money(video), .video, nil) }
        if let millionTokens, let tokensASecond {
            let million = try money(millionTokens)
            let micros = (Double(million.micros) * tokensASecond / 1_000_000).rounded(.up)
            return (Money(micros: Int64(micros), currency: million.currency), .second, million)
        }
        if let credit, let credits {
            let one = try money(credit)
            let micros = (Double(one.micros) * credits).rounded(.up)
            return (Money(micros: Int64(micros), currency: one.currency), .second, one)
        }
        throw PriceList.Problem(message: "\(name) has no price for \(resolution)")
    }
}
