import Testing
@testable import GroupTheory
