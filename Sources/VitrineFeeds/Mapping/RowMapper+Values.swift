import Foundation
import VitrineCore

extension RowMapper {
    func line(_ row: Row, _ candidates: [Int], limit: Int) -> (text: String, place: Int)? {
        for place in candidates {
            guard let value = text.line(row, place, limit: limit) else { continue }
            watch(row, place, limit)
            return (value, place)
        }
        return nil
    }

    func describe(_ row: Row, into product: OpenProduct) {
        if product.title == nil, let title = line(row, places.title, limit: FeedLimits.titleLength) {
            product.title = title.text
        }
        if product.description.isEmpty {
            for place in places.description {
                guard let value = text.paragraphs(row, place, limit: FeedLimits.descriptionLength) else { continue }
                watch(row, place, FeedLimits.descriptionLength)
                product.description = value
                break
            }
        }
    }

    func classify(_ row: Row, into product: OpenProduct) {
        product.attributes.reserveCapacity(columns.attributes.count + min(columns.others.count, FeedLimits.attributes))
        product.brand = line(row, places.brand, limit: FeedLimits.attributeLength)?.text
        product.type = line(row, places.type, limit: FeedLimits.titleLength)?.text
        product.link = text.exact(row, places.link)
        product.price = price(row)
        for place in places.category { addCategories(row, place, to: product) }
        for place in places.tags {
            eachPiece(row, place, separator: profile.separators.tags) { piece in
                guard let tag = text.line(piece, limit: FeedLimits.attributeLength), product.tags.count < 250 else {
                    return
                }
                product.tags.append(tag)
            }
        }
        for attribute in columns.attributes where !attribute.isOfVariant {
            if let value = value(row, attribute.places, attribute.name) { product.attributes[attribute.name] = value }
        }
        for (name, place) in columns.others where product.attributes.count < FeedLimits.attributes {
            guard !row.isEmpty(place), row.bytes(place).count <= FeedLimits.attributeLength else { continue }
            if let value = text.line(row, place, limit: FeedLimits.attributeLength), product.attributes[name] == nil {
                product.attributes[name] = value
            }
        }
        for place in places.facets {
            eachFacet(row, place) { name, value in
                switch name {
                case "category", "categories": product.categories.append(CategoryPath([value]))
                case "brand", "vendor": if product.brand == nil { product.brand = value }
                case "": product.tags.append(value)
                default: product.attributes[HeaderName.attribute(of: name)] = value
                }
            }
        }
    }

    /// The row's price; the complaint about it is made once, however often it is asked for.
    func price(_ row: Row) -> Money? {
        if let pricedRow, pricedRow.serial == serial { return pricedRow.price }
        let price = readPrice(row)
        pricedRow = (serial, price)
        return price
    }

    func readPrice(_ row: Row) -> Money? {
        for place in places.price where !row.isEmpty(place) {
            let named = places.currency.isEmpty ? currency : text.exact(row, places.currency)?.uppercased() ?? currency
            let money = text.withBytes(row, place) { PriceText.money($0, decimal: profile.decimal, currency: named) }
            if money == nil {
                let value = text.line(row, place, limit: 60) ?? ""
                report(
                    .warning,
                    .badPrice,
                    row,
                    place,
                    "expected a price such as `12.50` but got `\(value)`",
                    hint: "the product is taken without a price"
                )
            }
            return money
        }
        return nil
    }

    func variant(_ row: Row, of product: OpenProduct, ordinal: Int, isProductRow: Bool) -> OpenVariant {
        var variant = Variant(key: "", line: row.line)
        if let sku = text.exact(row, places.sku) {
            warnOfRounding(sku, row, places.sku.first ?? -1)
            variant.sku = SKU(sku)
        }
        let ownKey = text.exact(row, places.variantKey)
        if !places.variantTitle.isEmpty {
            variant.title = ownTitle(row)
        }
        variant.price = price(row)
        variant.attributes.reserveCapacity(columns.attributes.count + columns.optionColumns.count)
        for attribute in columns.attributes where attribute.isOfVariant {
            if let value = value(row, attribute.places, attribute.name) { variant.attributes[attribute.name] = value }
        }
        for place in places.variantImage where variant.image == nil {
            if let picturedRow, picturedRow.serial == serial, picturedRow.place == place {
                variant.image = ImageSource(
                    reference: picturedRow.reference,
                    line: row.line,
                    field: columns.name(place),
                    alt: nil
                )
                continue
            }
            eachPicture(row, place, isAgain: places.image.contains(place)) { reference in
                if variant.image == nil {
                    variant.image = ImageSource(
                        reference: reference,
                        line: row.line,
                        field: columns.name(place),
                        alt: nil
                    )
                }
            }
        }
        learnOptionNames(row, of: product)
        if !(profile.options.onVariantsOnly && isProductRow) { addOptions(row, of: product, to: &variant) }
        for place in places.variantFacets {
            eachFacet(row, place) { name, value in
                let name = attributeName(name)
                if !name.isEmpty, variant.attributes[name] == nil { variant.attributes[name] = value }
            }
        }
        return OpenVariant(variant: variant, ownKey: ownKey, ordinal: ordinal)
    }

    func ownTitle(_ row: Row) -> String? {
        for place in places.variantTitle {
            guard let title = text.line(row, place, limit: FeedLimits.titleLength) else { continue }
            if places.title.contains(place) { text.forget() } else { watch(row, place, FeedLimits.titleLength) }
            return title
        }
        return nil
    }

    /// What the options of a product row say about the product itself.
    func addDescriptiveOptions(_ row: Row, to product: OpenProduct) {
        guard profile.options.onVariantsOnly else { return }
        for (index, place) in columns.optionNames.enumerated() where index < columns.optionValues.count {
            guard let name = text.line(row, place, limit: 100),
                let value = text.line(row, columns.optionValues[index], limit: FeedLimits.attributeLength)
            else { continue }
            let attribute = attributeName(name)
            let isChoice = value.contains(",") || value.contains("|") || value.contains(";")
            if !attribute.isEmpty, !isChoice, product.attributes[attribute] == nil {
                product.attributes[attribute] = value
            }
        }
    }

    func addImages(_ row: Row, to product: OpenProduct, fromVariant isOfVariant: Bool = false) {
        for place in places.image where !row.isEmpty(place) {
            let alt = line(row, places.imageAlt, limit: FeedLimits.titleLength)?.text
            let position = text.exact(row, places.imagePosition).flatMap { Int($0) }
            let field = columns.name(place)
            eachPicture(row, place) { reference in
                if picturedRow?.serial != serial { picturedRow = (serial, place, reference) }
                guard !product.images.contains(where: { $0.reference == reference }) else { return }
                guard product.images.count < FeedLimits.pictures else {
                    if !product.hasTooManyImages {
                        product.hasTooManyImages = true
                        report(
                            .warning,
                            .tooManyPictures,
                            row,
                            place,
                            "the product has more than \(FeedLimits.pictures) pictures; the rest is left out"
                        )
                    }
                    return
                }
                product.images.append(ImageSource(reference: reference, line: row.line, field: field, alt: alt))
                product.positions.append(position ?? Int.max)
            }
        }
    }

    func eachPicture(_ row: Row, _ place: Int, isAgain: Bool = false, _ body: (String) -> Void) {
        guard !row.isEmpty(place) else { return }
        var failures: [PictureCell.Finding] = []
        text.withBytes(row, place) { bytes in
            PictureCell.findings(bytes, separator: imageSeparator, base: profile.pictureBase) { finding in
                if case .picture(let reference) = finding { body(reference) } else { failures.append(finding) }
            }
        }
        if !isAgain { for failure in failures { report(failure, row, place) } }
    }
}
