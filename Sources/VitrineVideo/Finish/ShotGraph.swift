import VitrineCore

/// The filter graph of ffmpeg that puts shots one after another, as a value: its outputs are `[v]` and `[a]`.
struct ShotGraph {
    private struct Shot {
        var seconds: Double
        var hasSound: Bool
        var join: VideoRequest.Shot.Join
    }

    private let size: PixelSize
    private let fps: Int
    private var shots: [Shot] = []

    /// A graph of no shots yet, for frames of a size and rate.
    init(size: PixelSize, fps: Int) {
        self.size = size
        self.fps = fps
    }

    /// Adds the next input: how long it is, whether it is heard, and how it follows the one before.
    mutating func add(seconds: Double, hasSound: Bool, join: VideoRequest.Shot.Join) {
        shots.append(Shot(seconds: seconds, hasSound: hasSound, join: join))
    }

    /// The graph as ffmpeg reads it.
    var text: String {
        let parts = shots.enumerated().map { number, shot in
            let video =
                "[\(number):v:0]\(FFmpegFinisher.fitting(size)),fps=\(fps),format=yuv420p,settb=AVTB[v\(number)];"
            let sound = shot.hasSound ? "[\(number):a:0]aresample=48000" : "anullsrc=r=48000:cl=stereo"
            return video + "\(sound),aformat=channel_layouts=stereo,apad,atrim=duration=\(shot.seconds)[a\(number)];"
        }.joined()
        guard shots.contains(where: { $0.join == .fade }) else {
            let order = shots.indices.map { "[v\($0)][a\($0)]" }.joined()
            return parts + order + "concat=n=\(shots.count):v=1:a=1[v][a]"
        }
        var chain = ""
        var length = shots[0].seconds
        for (number, shot) in shots.enumerated().dropFirst() {
            let isLast = number == shots.count - 1
            let before = number == 1 ? ("[v0]", "[a0]") : ("[w\(number - 1)]", "[b\(number - 1)]")
            let after = isLast ? ("[v]", "[a]") : ("[w\(number)]", "[b\(number)]")
            switch shot.join {
            case .cut:
                chain += before.0 + "[v\(number)]concat=n=2:v=1:a=0,fps=\(fps),settb=AVTB" + after.0 + ";"
                chain += before.1 + "[a\(number)]concat=n=2:v=0:a=1" + after.1 + ";"
            case .fade:
                let offset = length - shot.join.seconds
                chain += before.0 + "[v\(number)]xfade=transition=fade:duration=\(shot.join.seconds):offset=\(offset)"
                chain += ",fps=\(fps),format=yuv420p,settb=AVTB" + after.0 + ";"
                chain += before.1 + "[a\(number)]acrossfade=d=\(shot.join.seconds):c1=tri:c2=tri" + after.1 + ";"
            }
            length += shot.seconds - shot.join.seconds
        }
        return parts + chain.dropLast()
    }
}
