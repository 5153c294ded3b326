import Foundation
import VitrineCore
import VitrineImaging

/// Pictures side by side, to be looked at: what numbers cannot judge.
struct ContactSheet {
    /// How this program is called for the cut-outs of pictures: the photo, its matte, and the product on black and on white.
    static let cutouts = "--sheet-cutouts"
    /// The same for the first frames of pictures, in every placement.
    static let frames = "--sheet-frames"
    private static let tile = PixelSize(width: 220, height: 220)

    private var rows: [[Bitmap]] = []

    static func write(_ verb: String, to path: String, of pictures: [String]) throws {
        var sheet = ContactSheet()
        for picture in pictures {
            guard let bytes = try? Data(contentsOf: URL(filePath: picture)) else { continue }
            do throws(ImageRefusal) {
                try sheet.rows.append(verb == cutouts ? cutout(bytes) : frames(of: bytes))
            } catch {
                print("\(picture): \(error.message)")
            }
        }
        try ImageEncoding.png(sheet.drawn).write(to: URL(filePath: path))
    }

    private static func cutout(_ bytes: Data) throws(ImageRefusal) -> [Bitmap] {
        let bitmap = try ImageIntake.bitmap(bytes, covering: PixelSize(width: 800, height: 800))
            .scaled(toFit: PixelSize(width: 1080, height: 1080))
        let cutout = Cutout(of: bitmap)
        let product = cutout.product(of: bitmap, on: cutout.ground(of: bitmap))
        let matte = Bitmap(size: bitmap.size, pixels: cutout.matte.flatMap { [$0, $0, $0, 255] })
        // A matte that must not be used is shown dimmed.
        let tiles = [bitmap, matte, laid(product, on: 0), laid(product, on: 255)].compactMap { $0?.scaled(toFit: tile) }
        return cutout.isSure ? tiles : [tiles[0]]
    }

    private static func frames(of bytes: Data) throws(ImageRefusal) -> [Bitmap] {
        var tiles: [Bitmap] = []
        for placement in Placement.allCases {
            let recipe = FrameRecipe(
                placement: placement,
                shortSide: 720,
                fit: .pad,
                background: .auto,
                productSize: 0.78
            )
            let made = try FrameComposer.compose(bytes, recipe: recipe)
            tiles.append(try ImageIntake.bitmap(made.png).scaled(toFit: tile))
        }
        return tiles
    }

    private static func laid(_ bitmap: Bitmap, on ground: Int) -> Bitmap? {
        var pixels = bitmap.pixels
        for at in stride(from: 0, to: pixels.count, by: 4) {
            let clear = 255 - Int(pixels[at + 3])
            for channel in 0..<3 {
                pixels[at + channel] = UInt8(min(Int(pixels[at + channel]) + ground * clear / 255, 255))
            }
            pixels[at + 3] = 255
        }
        return Bitmap(size: bitmap.size, pixels: pixels)
    }

    /// All tiles on grey, two pictures a row where they are of four tiles.
    private var drawn: Bitmap {
        let columns = (rows.map(\.count).max() ?? 1)
        let step = (width: Self.tile.width + 4, height: Self.tile.height + 4)
        let across = columns > 4 ? 1 : 2
        let size = PixelSize(
            width: max(1, across * columns * step.width),
            height: max(1, (rows.count + across - 1) / across * step.height)
        )
        var pixels = [UInt8](repeating: 128, count: size.area * 4)
        for at in stride(from: 3, to: pixels.count, by: 4) { pixels[at] = 255 }
        for (row, tiles) in rows.enumerated() {
            for (column, tile) in tiles.enumerated() {
                let left = (row % across * columns + column) * step.width
                let top = row / across * step.height
                for y in 0..<tile.size.height {
                    let from = y * tile.size.width * 4
                    let to = ((top + y) * size.width + left) * 4
                    pixels.replaceSubrange(
                        to..<to + tile.size.width * 4,
                        with: tile.pixels[from..<from + tile.size.width * 4]
                    )
                }
            }
        }
        guard let bitmap = Bitmap(size: size, pixels: pixels) else {
            preconditionFailure("a sheet has four bytes for each pixel")
        }
        return bitmap
    }
}
