public import Foundation
public import VitrineCore

/// A first frame with its bytes.
public struct ComposedFrame: Sendable {
    /// How the frame is known.
    public var frame: FirstFrame
    /// The frame as PNG.
    public var png: Data
    /// What a person may want to know, such as `scaled up 1.8 times`.
    public var notes: [String]

    /// A composed frame.
    public init(frame: FirstFrame, png: Data, notes: [String]) {
        self.frame = frame
        self.png = png
        self.notes = notes
    }
}

/// Puts a picture into the shape of a placement.
public enum FrameComposer {
    /// Composes the first frame; the same bytes and recipe give the same frame, byte for byte.
    public static func compose(
        _ bytes: Data,
        recipe: FrameRecipe,
        limits: ImageLimits = ImageLimits()
    ) throws(ImageRefusal) -> ComposedFrame {
        let header = try ImageCodec.header(bytes, limits: limits)
        var picture = try ImageCodec.decode(
            bytes,
            header: header,
            divisor: header.divisor(covering: fitting(header.size, in: recipe.size), limits: limits),
            limits: limits
        )
        let subject = Subject(of: picture.bitmap, extent: picture.extent)
        var layout = FrameLayout(size: header.size, subject: subject, recipe: recipe)
        let needed = header.divisor(
            covering: PixelSize(width: layout.width, height: layout.height),
            limits: limits
        )
        if needed < picture.divisor {
            picture = try ImageCodec.decode(bytes, header: header, divisor: needed, limits: limits)
        }
        if picture.hasUnreadableProfile {
            layout.notes.append("the colour profile cannot be read: taken as sRGB")
        }
        let bitmap = draw(picture, subject: subject, layout: layout, recipe: recipe)
        let png = ImageEncoding.png(bitmap)
        return ComposedFrame(
            frame: FirstFrame(digest: Digest(of: png), size: recipe.size, scale: layout.scale),
            png: png,
            notes: layout.notes
        )
    }

    private static func fitting(_ size: PixelSize, in frame: PixelSize) -> PixelSize {
        let scale = min(Double(frame.width) / Double(size.width), Double(frame.height) / Double(size.height))
        return PixelSize(width: Int(Double(size.width) * scale), height: Int(Double(size.height) * scale))
    }

    private static func draw(
        _ picture: DecodedPicture,
        subject: Subject,
        layout: FrameLayout,
        recipe: FrameRecipe
    ) -> Bitmap {
        let frame = recipe.size
        let (background, feather) = backdrop(picture, subject: subject, layout: layout, recipe: recipe)
        var pixels = background.frame(frame)
        let across = ramp(
            layout.width,
            start: layout.x > 0 ? feather.left : 0,
            end: layout.x + layout.width < frame.width ? feather.right : 0
        )
        let down = ramp(
            layout.height,
            start: layout.y > 0 ? feather.top : 0,
            end: layout.y + layout.height < frame.height ? feather.bottom : 0
        )
        picture.bitmap.draw(
            picture.extent,
            over: &pixels,
            frame: frame,
            at: (layout.x, layout.y, layout.width, layout.height),
            across: across,
            down: down
        )
        if recipe.background == .auto, let floating = FloatingProduct(picture, subject: subject) {
            floating.stand(in: &pixels, extent: picture.extent, subject: subject, layout: layout, frame: frame)
        }
        return Bitmap(size: frame, pixels: pixels, isOpaque: true)
    }

    /// How many pixels a picture takes to come out of its background, on each side.
    private struct Feather {
        var left: Int
        var right: Int
        var top: Int
        var bottom: Int

        init(_ all: Int) {
            (left, right, top, bottom) = (all, all, all, all)
        }
    }

    private static func backdrop(
        _ picture: DecodedPicture,
        subject: Subject,
        layout: FrameLayout,
        recipe: FrameRecipe
    ) -> (Backdrop, Feather) {
        let frame = recipe.size
        let (bitmap, extent) = (picture.bitmap, picture.extent)
        switch (recipe.background, subject.ground) {
        case (.color(let color), .clear):
            return (Backdrop(color: color), Feather(0))
        case (.color(let color), _):
            let isNear = subject.ground == .plain && subject.border.tone.distance(to: Shade(color)) < 24
            return (Backdrop(color: color), isNear ? room(subject, layout, frame) : Feather(2))
        case (.blur, _):
            let light: Float = subject.ground == .busy ? 0.72 : 0.88
            let backdrop = Backdrop(blurring: bitmap, extent: extent, frame: frame, dimmed: light)
            return (backdrop, Feather(subject.ground == .clear ? 0 : 2))
        case (.auto, .clear):
            let studio = Backdrop(
                studioFor: bitmap,
                extent: extent,
                subject: subject,
                layout: layout,
                frame: frame
            )
            return (studio, Feather(0))
        case (.auto, .plain):
            let ground = Backdrop(goingOnFrom: subject.border, layout: layout, frame: frame)
            return (ground, room(subject, layout, frame))
        case (.auto, .busy):
            if layout.covers(frame) { return (Backdrop(color: 0), Feather(0)) }
            let mirrored = Backdrop(
                mirroring: bitmap,
                extent: extent,
                layout: layout,
                frame: frame,
                softness: recipe.fit == .extend ? 1 : 2
            )
            return (mirrored, Feather(frame.shortSide / 28))
        }
    }

    /// A wide, invisible seam on a plain ground, which ends before the product begins.
    private static func room(_ subject: Subject, _ layout: FrameLayout, _ frame: PixelSize) -> Feather {
        let box = subject.box
        let widest = Double(frame.shortSide) * 0.06
        let softest = Double(frame.shortSide) * 0.022
        func width(_ gap: Double, _ side: Edges) -> Int {
            Int(subject.touches.contains(side) ? softest : min(max(gap * 0.8, 4), widest))
        }
        var feather = Feather(4)
        feather.left = width(box.x * Double(layout.width), .left)
        feather.right = width((1 - box.right) * Double(layout.width), .right)
        feather.top = width(box.y * Double(layout.height), .top)
        feather.bottom = width((1 - box.bottom) * Double(layout.height), .bottom)
        return feather
    }

    /// How much of the picture shows along one axis: 0 to 256, rising softly from both ends.
    static func ramp(_ count: Int, start: Int, end: Int) -> [UInt16] {
        (0..<count).map { place in
            let first = start > 0 ? min((Double(place) + 0.5) / Double(start), 1) : 1
            let last = end > 0 ? min((Double(count - place) - 0.5) / Double(end), 1) : 1
            let share = min(first, last)
            return UInt16((share * share * (3 - 2 * share) * 256).rounded())
        }
    }
}
