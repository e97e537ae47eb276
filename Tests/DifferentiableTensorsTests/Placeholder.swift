import Testing
@testable import DifferentiableTensors
