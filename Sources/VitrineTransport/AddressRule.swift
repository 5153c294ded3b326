/// Where the connections of one pool may lead.
///
/// A connection is only ever used under the rule it was opened under.
enum AddressRule: Hashable, Sendable, CaseIterable {
    /// To public addresses.
    case guarded
    /// To any address: the operator excepted this host and port.
    case excepted
    /// To any address: the operator named it.
    case operators

    /// Whether a request may go to an address of that many bytes; a key in the clear stays on this machine.
    func permits(_ address: [UInt8], carriesKeyInTheClear: Bool) -> Bool {
        if carriesKeyInTheClear, !AddressGuard.isLoopback(address) { return false }
        switch self {
        case .guarded: return AddressGuard.isPublic(address)
        case .excepted, .operators: return address.count == 4 || address.count == 16
        }
    }
}
