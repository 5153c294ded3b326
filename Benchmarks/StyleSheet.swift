import Foundation
import VitrineCore
import VitrineImaging
import VitrineVideo

/// The pictures that show what the local renderer can do: one product in every look, and one look in every motion.
struct StyleSheet {
    let folder: String
    private let size = PixelSize(width: 864, height: 1080)

    /// Writes `styles.jpg` and `motions.jpg` into a folder, of a product photo.
    func run(photo: String, to out: String) throws {
        let recipe = FrameRecipe(placement: .portrait, shortSide: 864, fit: .pad, background: .auto, productSize: 0.74)
        let composed = try FrameComposer.compose(try Data(contentsOf: URL(filePath: photo)), recipe: recipe)
        let picture = try ImageIntake.bitmap(composed.png)
        let looks = try Look.allCases.map { look in
            Tile(pixels: try frames(of: picture, .pushIn, look, at: [70])[0], label: look.rawValue)
        }
        try write(looks, columns: 6, tile: PixelSize(width: 216, height: 270), to: out + "/styles.jpg")
        let motions = try Motion.allCases.flatMap { motion in
            try frames(of: picture, motion, .studio, at: [0, 45, 90, 135, 179]).enumerated().map { index, pixels in
                Tile(pixels: pixels, label: index == 0 ? motion.rawValue : "")
            }
        }
        try write(motions, columns: 10, tile: PixelSize(width: 144, height: 180), to: out + "/motions.jpg")
    }

    private struct Tile {
        var pixels: Bitmap
        var label: String
    }

    private func frames(of picture: Bitmap, _ motion: Motion, _ look: Look, at places: [Int]) throws -> [Bitmap] {
        let shot = LocalShot(framePath: "", size: size, motion: motion, look: look, seconds: 6, fps: 30, seed: 7)
        guard let scene = Scene(of: picture, look: look, motion: motion, seed: shot.seed) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        let film = Film(shot, of: scene)
        let buffer = FrameBuffer(count: scene.frameBytes)
        return places.map { index in
            scene.render(film.moment(index), into: buffer)
            return bitmap(buffer.bytes)
        }
    }

    /// A frame in the colours that a player shows.
    private func bitmap(_ frame: UnsafeMutableRawBufferPointer) -> Bitmap {
        var pixels = [UInt8](repeating: 255, count: size.area * 4)
        for y in 0..<size.height {
            for x in 0..<size.width {
                let at = (y / 2) * (size.width / 2) + x / 2
                let luma = (Float(frame[y * size.width + x]) - 16) / 219
                let cb = (Float(frame[size.area + at]) - 128) / 224
                let cr = (Float(frame[size.area * 5 / 4 + at]) - 128) / 224
                let colour = [luma + 1.5748 * cr, luma - 0.1873 * cb - 0.4681 * cr, luma + 1.8556 * cb]
                for channel in 0..<3 {
                    pixels[(y * size.width + x) * 4 + channel] = UInt8(min(max(colour[channel], 0), 1) * 255)
                }
            }
        }
        guard let bitmap = Bitmap(size: size, pixels: pixels) else { preconditionFailure("four bytes a pixel") }
        return bitmap
    }

    private func write(_ tiles: [Tile], columns: Int, tile: PixelSize, to path: String) throws {
        let rows = (tiles.count + columns - 1) / columns
        let (label, gap) = (26, 6)
        let step = PixelSize(width: tile.width + gap, height: tile.height + label)
        let sheet = PixelSize(width: columns * step.width + gap, height: (rows * step.height + gap + 1) / 2 * 2)
        var pixels = [UInt8](repeating: 255, count: sheet.area * 4)
        var words = ""
        for (index, item) in tiles.enumerated() {
            let (left, top) = (gap + index % columns * step.width, gap + index / columns * step.height)
            let small = item.pixels.scaled(toFit: tile)
            for y in 0..<small.size.height {
                let from = y * small.size.width * 4
                let to = ((top + y) * sheet.width + left) * 4
                pixels.replaceSubrange(
                    to..<(to + small.size.width * 4),
                    with: small.pixels[from..<(from + small.size.width * 4)]
                )
            }
            if !item.label.isEmpty {
                words +=
                    "Dialogue: 0,0:00:00.00,0:01:00.00,L,,0,0,0,,{\\pos(\(left + 2),\(top + tile.height + 4))}\(item.label)\n"
            }
        }
        guard let bitmap = Bitmap(size: sheet, pixels: pixels) else { throw CocoaError(.fileWriteUnknown) }
        try ImageEncoding.png(bitmap).write(to: URL(filePath: folder + "/sheet.png"))
        let script = """
            [Script Info]
            ScriptType: v4.00+
            PlayResX: \(sheet.width)
            PlayResY: \(sheet.height)
            [V4+ Styles]
            Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, BorderStyle, Outline, Shadow, Alignment
            Style: L,Noto Sans,17,&H00404040,&H00FFFFFF,&H00FFFFFF,1,0,0,7
            [Events]
            Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text

            """
        try Data((script + words).utf8).write(to: URL(filePath: folder + "/words.ass"))
        let run = try Spawned.run(
            Spawned.find("ffmpeg"),
            [
                "-v", "error", "-y", "-i", folder + "/sheet.png", "-vf", "ass=\(folder)/words.ass", "-frames:v", "1",
                "-q:v", "3", "-update", "1", path,
            ]
        )
        guard run.code == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
