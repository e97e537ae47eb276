import Testing
@testable import EquivarianceTesting
