import Foundation
import VitrineCore

/// Where a picture stands in a frame.
struct FrameLayout: Hashable {
    /// The whole picture in pixels of the frame; it may reach beyond it.
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    /// Pixels of the frame to a pixel of the picture.
    var scale: Double
    /// What a person may want to know.
    var notes: [String]

    /// How many times larger than it is a picture may be drawn.
    static let largestScale = 3.0

    /// Places a picture of that upright size as a recipe asks.
    init(size: PixelSize, subject: Subject, recipe: FrameRecipe) {
        let frame = recipe.size
        let whole = PlacedPicture(size: size, subject: subject, placement: recipe.placement, frame: frame)
        notes = []
        let place: (scale: Double, x: Double, y: Double)
        if recipe.fit == .crop, subject.ground != .clear {
            if let crop = whole.crop(productSize: recipe.productSize) {
                place = crop
            } else {
                place = whole.pad(productSize: recipe.productSize)
                notes.append("the product does not fit a crop of \(recipe.placement.rawValue): padded instead")
            }
        } else {
            place = whole.pad(productSize: recipe.productSize)
        }
        scale = place.scale
        x = Int(place.x.rounded())
        y = Int(place.y.rounded())
        width = max(1, Int((place.x + Double(size.width) * scale).rounded()) - x)
        height = max(1, Int((place.y + Double(size.height) * scale).rounded()) - y)
        if scale > 1.05 {
            let tenths = Int((scale * 10).rounded())
            notes.append("scaled up \(tenths / 10).\(tenths % 10) times")
        }
        if scale >= FrameLayout.largestScale - 1e-9 {
            notes.append("picture of \(size) px is too small to fill the frame as asked")
        }
    }

    /// The product's box in pixels of the frame.
    func box(of subject: Subject) -> Part {
        Part(
            x: Double(x) + subject.box.x * Double(width),
            y: Double(y) + subject.box.y * Double(height),
            width: subject.box.width * Double(width),
            height: subject.box.height * Double(height)
        )
    }

    /// Whether the picture covers the frame.
    func covers(_ frame: PixelSize) -> Bool {
        x <= 0 && y <= 0 && x + width >= frame.width && y + height >= frame.height
    }
}

private struct PlacedPicture {
    var size: PixelSize
    var subject: Subject
    var placement: Placement
    var frame: PixelSize

    var width: Double { Double(size.width) }
    var height: Double { Double(size.height) }
    var frameWidth: Double { Double(frame.width) }
    var frameHeight: Double { Double(frame.height) }
    var contain: Double { min(frameWidth / width, frameHeight / height) }
    var cover: Double { max(frameWidth / width, frameHeight / height) }

    /// The scale at which the product's box takes a part of the tighter side; a side on which the product is cut needs no margin.
    func scale(productSize: Double) -> Double {
        func part(_ one: Edges, _ other: Edges) -> Double {
            guard subject.ground == .plain else { return productSize }
            let isCut = subject.touches.contains(one) != subject.touches.contains(other)
            return isCut ? (1 + productSize) / 2 : productSize
        }
        return min(
            part(.left, .right) * frameWidth / (subject.box.width * width),
            part(.top, .bottom) * frameHeight / (subject.box.height * height)
        )
    }

    /// What stands in the middle: half way from the middle of the product's box to the middle of its mass, so that a handle or a
    /// spout does not push the body aside.
    var balance: (x: Double, y: Double) {
        let box = subject.box
        guard let mass = subject.mass else { return (box.middleX, box.middleY) }
        func between(_ middle: Double, _ mass: Double, _ length: Double) -> Double {
            middle + min(max((mass - middle) / 2, -0.06 * length), 0.06 * length)
        }
        return (between(box.middleX, mass.x, box.width), between(box.middleY, mass.y, box.height))
    }

    func pad(productSize: Double) -> (scale: Double, x: Double, y: Double) {
        let touches = subject.touches
        var scale: Double
        if subject.ground == .busy {
            scale = contain
        } else {
            scale = self.scale(productSize: productSize)
            let spansWidth = touches.isSuperset(of: [.left, .right])
            let spansHeight = touches.isSuperset(of: [.top, .bottom])
            if subject.ground == .plain, spansWidth || spansHeight {
                let wanted = spansWidth ? frameWidth / width : frameHeight / height
                let fits =
                    spansWidth
                    ? subject.box.height * height * wanted <= frameHeight
                    : subject.box.width * width * wanted <= frameWidth
                scale = fits && !(spansWidth && spansHeight) ? wanted : contain
            }
        }
        scale = min(scale, FrameLayout.largestScale)
        let across = place(
            middle: balance.x * width * scale,
            length: width * scale,
            room: frameWidth,
            touchesStart: touches.contains(.left),
            touchesEnd: touches.contains(.right),
            isUpright: false
        )
        let down = place(
            middle: balance.y * height * scale,
            length: height * scale,
            room: frameHeight,
            touchesStart: touches.contains(.top),
            touchesEnd: touches.contains(.bottom),
            isUpright: true
        )
        return (scale, across, down)
    }

    /// A product that goes on beyond one edge of its picture goes on beyond that edge of the frame; one that is cut above and
    /// below stands on the lower edge.
    private func place(
        middle: Double,
        length: Double,
        room: Double,
        touchesStart: Bool,
        touchesEnd: Bool,
        isUpright: Bool
    ) -> Double {
        let centre = room * (isUpright ? placement.middle : 0.5)
        if subject.ground != .plain { return (subject.ground == .busy ? room / 2 : centre) - middle }
        if touchesStart, touchesEnd { return isUpright ? room - length : (room - length) / 2 }
        return touchesStart ? 0 : touchesEnd ? room - length : centre - middle
    }

    func crop(productSize: Double) -> (scale: Double, x: Double, y: Double)? {
        var scale = cover
        guard scale <= FrameLayout.largestScale else { return nil }
        guard subject.ground == .plain else {
            let x = window(subject.columns, length: width * scale, room: frameWidth)
            let y = window(subject.rows, length: height * scale, room: frameHeight)
            return (scale, x, y)
        }
        let box = subject.box
        let touches = subject.touches
        func fits(_ part: Double, _ whole: Double, _ room: Double, _ isCut: Bool) -> Bool {
            part * scale <= room * (isCut ? 1.0 : 0.97) || whole * scale <= room + 1
        }
        guard fits(box.width * width, width, frameWidth, !touches.isDisjoint(with: [.left, .right])),
            fits(box.height * height, height, frameHeight, !touches.isDisjoint(with: [.top, .bottom]))
        else { return nil }
        scale = min(max(scale, self.scale(productSize: productSize)), max(cover, FrameLayout.largestScale))
        let x = min(max(frameWidth / 2 - box.middleX * width * scale, frameWidth - width * scale), 0)
        let y = min(max(frameHeight / 2 - box.middleY * height * scale, frameHeight - height * scale), 0)
        return (scale, x, y)
    }

    /// Where the window over a scene stands that holds the most detail, the middle being worth more than the rim.
    private func window(_ detail: [Double], length: Double, room: Double) -> Double {
        guard length > room + 1, detail.count > 1 else { return (room - length) / 2 }
        let count = Double(detail.count)
        let span = room / length
        let steps = 40
        let total = max(detail.reduce(0, +), 1)
        var best = (worth: -Double.infinity, start: (1 - span) / 2)
        for step in 0...steps {
            let start = (1 - span) * Double(step) / Double(steps)
            var sum = 0.0
            for index in detail.indices {
                let place = (Double(index) + 0.5) / count
                if place >= start, place <= start + span { sum += detail[index] }
            }
            let off = (start + span / 2 - 0.5) / 0.5
            let worth = sum / total - 0.35 * off * off
            if worth > best.worth + 1e-9 { best = (worth, start) }
        }
        return -best.start * length
    }
}

extension Placement {
    /// Where the middle of a product stands, from the top: apps lay more over the foot of a full screen than over its head.
    fileprivate var middle: Double { self == .story ? 0.47 : 0.5 }
}
