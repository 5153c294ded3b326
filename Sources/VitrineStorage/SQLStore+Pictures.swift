import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `CatalogStore.resolve`.
    public func resolve(
        _ pictures: [ProductID: [ResolvedPicture]],
        diagnostics: [Diagnostic],
        in generation: Int64
    ) async throws(StoreError) {
        let texts = pictures.sorted { $0.key < $1.key }.map { id, pictures in
            let text = StoredJSON.text(pictures)
            return (id.rawValue, text, "." + Digest(of: text).hexadecimal.prefix(ProductRecord.versionLength))
        }
        try await writeLazily { database in
            guard let next = try database.integer("SELECT next_diagnostic FROM generation WHERE id = ?1", generation)
            else {
                throw StoreError(
                    .notFound,
                    "import \(generation) is not there: it was abandoned, or a later one was turned on"
                )
            }
            try SQLStore.nameProducts(of: generation, database)
            for (id, text, digest) in texts {
                try database.run(
                    """
                    UPDATE product SET pictures = ?3, version = substr(version, 1, \(ProductRecord.versionLength)) || ?4
                    WHERE generation = ?1
                        AND position = (SELECT position FROM product_name WHERE generation = ?1 AND id = ?2)
                    """,
                    generation,
                    id,
                    text,
                    digest
                )
            }
            guard !diagnostics.isEmpty else { return }
            let number = try SQLStore.write(diagnostics, of: generation, from: next, database)
            try database.run("UPDATE generation SET next_diagnostic = ?2 WHERE id = ?1", generation, number)
        }
    }

    /// See `CatalogStore.knownPictures`.
    public func knownPictures(at locations: [String]) async throws(StoreError) -> [String: KnownPicture] {
        try await read { database in
            var known: [String: KnownPicture] = [:]
            for list in Set(locations).lists(of: 200) {
                let rows = try database.rows(
                    """
                    SELECT k.*, i.body AS image_body FROM known_picture k LEFT JOIN image i ON i.digest = k.image
                    WHERE k.location IN (\(places(list.count)))
                    """,
                    values: list
                )
                for row in rows {
                    known[row.text("location")] = KnownPicture(
                        location: row.text("location"),
                        etag: row.optionalText("etag"),
                        lastModified: row.optionalText("last_modified"),
                        image: try row.optionalValue("image_body"),
                        refusal: try row.optionalValue("refusal"),
                        checkedAt: row.date("checked_at")
                    )
                }
            }
            return known
        }
    }

    /// See `CatalogStore.remember`.
    public func remember(_ pictures: [KnownPicture]) async throws(StoreError) {
        try await writeLazily { database in
            for picture in pictures {
                if let image = picture.image {
                    try database.run(
                        """
                        INSERT INTO image (digest, body) VALUES (?1, ?2)
                        ON CONFLICT (digest) DO UPDATE SET body = excluded.body WHERE image.body <> excluded.body
                        """,
                        image.digest.hexadecimal,
                        StoredJSON.text(image)
                    )
                }
                try database.run(
                    """
                    INSERT INTO known_picture (location, etag, last_modified, image, refusal, checked_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                    ON CONFLICT (location) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
                        image = excluded.image, refusal = excluded.refusal, checked_at = excluded.checked_at
                    """,
                    picture.location,
                    picture.etag,
                    picture.lastModified,
                    picture.image?.digest.hexadecimal,
                    picture.refusal.map { StoredJSON.text($0) },
                    picture.checkedAt.milliseconds
                )
            }
        }
    }

    /// See `CatalogStore.images`.
    public func images(_ digests: [Digest]) async throws(StoreError) -> [Digest: SourceImage] {
        try await read { database in
            var images: [Digest: SourceImage] = [:]
            for list in Set(digests).lists(of: 200) {
                let rows = try database.rows(
                    "SELECT body FROM image WHERE digest IN (\(places(list.count)))",
                    values: list.map(\.hexadecimal)
                )
                for row in rows {
                    let image: SourceImage = try row.value("body")
                    images[image.digest] = image
                }
            }
            return images
        }
    }
}
