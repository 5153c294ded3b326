import Foundation
import VitrineCore

/// The second half of an import: the pictures that plans need, product by product in feed order.
///
/// Of a product these are its pictures up to the first one that is good and unremarkable, and each variant's own.
struct PictureStage: Sendable {
    let catalog: any CatalogStore
    let fetcher: ImageFetcher
    let locator: PictureLocator
    let file: String
    let parallel: Int

    /// How many pictures were taken and refused.
    struct Counts: Sendable {
        var accepted = 0
        var refused = 0
    }

    func run(generation: Int64, advanced: @Sendable (Counts, _ products: Int) -> Void) async throws -> Counts {
        var counts = Counts()
        var position: Int64 = 0
        var products = 0
        while true {
            try Task.checkCancellation()
            let entries = try await catalog.entries(of: generation, from: position, limit: 200)
            guard let last = entries.last else { return counts }
            position = last.position + 1
            let results = try await resolve(entries)
            var resolved: [ProductID: [ResolvedPicture]] = [:]
            var diagnostics: [Diagnostic] = []
            var found: [String: KnownPicture] = [:]
            for result in results {
                resolved[result.product] = result.pictures
                diagnostics += result.diagnostics
                for picture in result.known { found[picture.location] = picture }
                counts.accepted += result.pictures.filter { $0.image != nil }.count
                counts.refused += result.diagnostics.count { $0.severity == .error }
            }
            try await catalog.remember(Array(found.values))
            try await catalog.resolve(resolved, diagnostics: diagnostics, in: generation)
            products += entries.count
            advanced(counts, products)
        }
    }

    private struct Resolved: Sendable {
        var product: ProductID
        var order: Int
        var pictures: [ResolvedPicture] = []
        var diagnostics: [Diagnostic] = []
        var known: [KnownPicture] = []
    }

    private func resolve(_ entries: [CatalogEntry]) async throws -> [Resolved] {
        let places = entries.flatMap { entry in
            // A reference that means no place is refused, with its reason, when it is looked at.
            sources(of: entry.product).compactMap { try? locator.place(of: $0.reference) }
        }
        let known = try await catalog.knownPictures(at: Array(Set(places.map(\.location))))
        return try await withThrowingTaskGroup(of: Resolved.self) { group in
            var results: [Resolved] = []
            var next = 0
            func addOne() {
                guard next < entries.count else { return }
                let (entry, order) = (entries[next], next)
                group.addTask { await resolve(entry.product, order: order, known: known) }
                next += 1
            }
            for _ in 0..<parallel { addOne() }
            while let result = try await group.next() {
                results.append(result)
                addOne()
            }
            return results.sorted { $0.order < $1.order }
        }
    }

    private func sources(of product: Product) -> [ImageSource] {
        product.images + product.variants.compactMap(\.image)
    }

    private func resolve(_ product: Product, order: Int, known: [String: KnownPicture]) async -> Resolved {
        var result = Resolved(product: product.id, order: order)
        var seen = Set<String>()
        var looks: [(source: ImageSource, image: SourceImage)] = []
        for source in product.images {
            guard seen.insert(source.reference).inserted else { continue }
            guard let image = await look(at: source, of: product, known: known, into: &result) else { continue }
            looks.append((source, image))
            if image.remarks?.isEmpty != false { break }
        }
        let owned = looks.map { ($0.source.reference, $0.image) }
        func better(wantingOne: Bool) -> String? {
            owned.first { $0.1.objections(wantingOne: wantingOne).isEmpty }?.0
        }
        for source in product.variants.compactMap(\.image) where seen.insert(source.reference).inserted {
            guard let image = await look(at: source, of: product, known: known, into: &result) else { continue }
            looks.append((source, image))
        }
        for (place, look) in looks.enumerated() {
            var remarks = look.image.remarks ?? []
            if looks.prefix(place).contains(where: {
                $0.image.size != look.image.size && $0.image.resembles(look.image)
            }) {
                remarks.append(.duplicate)
            }
            result.diagnostics += remarks.map { remark in
                remarked(remark, look.source, product, better: better(wantingOne: remark == .several))
            }
        }
        return result
    }

    private func remarked(_ remark: ImageRemark, _ source: ImageSource, _ product: Product, better: String?)
        -> Diagnostic
    {
        let name = source.reference.prefix { $0 != "?" }.prefix(120)
        let hint: String =
            switch (remark, better) {
            case (.duplicate, _): "leave one of them out, or show another side of the product"
            case (.several, let better?):
                "a preset with `frame: {alone: true}` takes picture `\(better.prefix { $0 != "?" }.prefix(120))` instead"
            case (.several, nil): "give the product a picture of itself alone, unless it is a pair or a set"
            case (_, let better?) where better != source.reference:
                "picture `\(better.prefix { $0 != "?" }.prefix(120))` is taken instead"
            case (.placeholder, _): "give the product a picture"
            case (.blurred, _): "give the product a sharper picture"
            case (.text, _): "give the product a picture without words on it: a video would move them with it"
            }
        return Diagnostic(
            remark == .duplicate || remark == .several ? .note : .warning,
            "image." + remark.rawValue,
            file: file,
            line: source.line,
            field: source.field,
            product: product.id,
            "image `\(name)` \(remark.words)",
            hint: hint
        )
    }

    /// Looks at one picture; gives it back if it can be used.
    private func look(
        at source: ImageSource,
        of product: Product,
        known: [String: KnownPicture],
        into result: inout Resolved
    ) async -> SourceImage? {
        var refusal: ImageRefusal?
        do throws(ImageRefusal) {
            let place = try locator.place(of: source.reference)
            let picture = await fetcher.picture(at: place, known: known[place.location])
            result.known.append(picture)
            if let image = picture.image {
                result.pictures.append(ResolvedPicture(reference: source.reference, image: image.digest))
                return image
            }
            refusal = picture.refusal
        } catch {
            refusal = error
        }
        result.pictures.append(ResolvedPicture(reference: source.reference, image: nil))
        if let refusal {
            result.diagnostics.append(diagnostic(refusal, source, product))
        }
        return nil
    }

    private func diagnostic(_ refusal: ImageRefusal, _ source: ImageSource, _ product: Product) -> Diagnostic {
        let name = source.reference.prefix { $0 != "?" }.prefix(120)
        let message: String =
            if refusal.message.hasPrefix("picture ") {
                "image `\(name)`" + refusal.message.dropFirst("picture".count)
            } else if refusal.message.contains("`") {
                refusal.message
            } else {
                "image `\(name)`: \(refusal.message)"
            }
        return Diagnostic(
            .error,
            "image." + refusal.kind.rawValue,
            file: file,
            line: source.line,
            field: source.field,
            product: product.id,
            message,
            hint: refusal.hint
        )
    }
}
