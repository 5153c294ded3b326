/// What a refused submission told about its lane's pace.
public enum RefusalLesson: Hashable, Sendable {
    /// Nothing: the provider had none of ours.
    case nothing
    /// What the provider allows.
    case limit
    /// That our own trial of one more was one too many: what was taken before it still is.
    case trial
}
