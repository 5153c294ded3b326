import Testing

@Suite struct ProvidersTests {}
