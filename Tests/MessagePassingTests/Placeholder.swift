import Testing
@testable import MessagePassing
