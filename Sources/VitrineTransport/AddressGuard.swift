import Foundation

/// Which network addresses belong to the public internet: a pure judgement over their bytes.
///
/// Refused are private, loopback, link-local, shared (carrier-grade), multicast, unspecified, reserved and documentation
/// ranges, and the same when they are wrapped in IPv6: mapped, NAT64, 6to4 and Teredo. The ranges are those of the IANA
/// special-purpose address registries (RFC 6890 and its updates).
public enum AddressGuard {
    /// Whether an address of 4 or 16 bytes in network order is public; any other count is not.
    public static func isPublic(_ address: [UInt8]) -> Bool {
        switch address.count {
        case 4: isPublicIPv4(address)
        case 16: isPublicIPv6(address)
        default: false
        }
    }

    /// Whether an address of 4 or 16 bytes in network order is this machine itself.
    public static func isLoopback(_ address: [UInt8]) -> Bool {
        if address.count == 16, address.starts(with: mapped) { return address[12] == 127 }
        return address.count == 4 ? address[0] == 127 : address == Array(repeating: 0, count: 15) + [1]
    }

    /// The bytes of an address written as `192.0.2.1` or `2001:db8::1`, without a zone; nil for anything else.
    public static func bytes(of text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
        var sixteen = in6_addr()
        if inet_pton(AF_INET6, text, &sixteen) == 1 { return withUnsafeBytes(of: sixteen) { Array($0) } }
        return nil
    }

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
    private static let nat64: [UInt8] = [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]

    /// First four bytes and how many bits of them count.
    private static let closedIPv4: [(UInt32, UInt32)] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16), (0xAC10_0000, 12),
        (0xC000_0000, 24), (0xC000_0200, 24), (0xC058_6300, 24), (0xC0A8_0000, 16), (0xC612_0000, 15),
        (0xC633_6400, 24), (0xCB00_7100, 24), (0xE000_0000, 4), (0xF000_0000, 4),
    ]

    private static func isPublicIPv4(_ address: [UInt8]) -> Bool {
        let value = address.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return !closedIPv4.contains { range, bits in value >> (32 - bits) == range >> (32 - bits) }
    }

    private static func isPublicIPv6(_ address: [UInt8]) -> Bool {
        if address.starts(with: mapped) || address.starts(with: nat64) { return isPublicIPv4(Array(address[12...])) }
        guard address[0] & 0xE0 == 0x20 else { return false }
        if address.starts(with: [0x20, 0x02]) { return isPublicIPv4(Array(address[2..<6])) }
        if address.starts(with: [0x20, 0x01, 0, 0]) {
            return isPublicIPv4(Array(address[4..<8])) && isPublicIPv4(address[12...].map { $0 ^ 0xFF })
        }
        if address.starts(with: [0x20, 0x01]), address[2] & 0xFE == 0 { return false }
        if address.starts(with: [0x20, 0x01, 0x0D, 0xB8]) { return false }
        return !(address.starts(with: [0x3F, 0xFF]) && address[2] & 0xF0 == 0)
    }
}
