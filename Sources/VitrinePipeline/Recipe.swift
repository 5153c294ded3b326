/// What people write in the studio: a preset, or a style.
public enum Recipe: Hashable, Sendable {
    /// A preset of that name.
    case preset(String)
    /// A style of that name.
    case style(String)

    /// Its name.
    public var name: String {
        switch self {
        case .preset(let name), .style(let name): name
        }
    }

    /// The name under which its versions are kept.
    public var storedName: String {
        switch self {
        case .preset(let name): name
        case .style(let name): "styles/" + name
        }
    }

    /// The file that diagnostics name.
    var file: String { storedName + ".yaml" }

    /// The key that says its name in its text.
    var key: String {
        switch self {
        case .preset: "preset"
        case .style: "style"
        }
    }
}
