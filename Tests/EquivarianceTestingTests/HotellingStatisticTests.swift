import DifferentiableTensors
import EquivarianceTesting
import Testing

@Suite struct HotellingStatisticTests {
  /// numpy: `q * mean @ inv(cov) @ mean` of this matrix.
  @Test func knownNumbers() {
    let x = Tensor<Double>(rows: [[1, 2], [2, 1], [0, 3], [4, 5], [2, 2]])
    let found = hotellingStatistic(x, epsilon: 0)
    #expect(abs(found - 15.464_882_943_143_817) < 1e-9, "\(found)")
    #expect(hotellingStatistic(.zeros([5, 2])) == 0)
    #expect(abs(hotellingStatistic(.ones([4, 1])) / 4e7 - 1) < 1e-12)
  }

  /// Without ε an invertible linear map of the differences changes nothing; a shift does.
  @Test func linearMaps() {
    var generator = RandomSource(seed: 3)
    let (x, map) = (Tensor<Double>.normal([12, 3], using: &generator), Tensor<Double>.normal([3, 3], using: &generator))
    let statistic = hotellingStatistic(x, epsilon: 0)
    #expect(abs(hotellingStatistic(Tensor.matmul(x, map), epsilon: 0) / statistic - 1) < 1e-9)
    #expect(hotellingStatistic(x + 1, epsilon: 0) > 2 * statistic)
  }

  @Test func oneDifferenceIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = hotellingStatistic(.ones([1, 2])) }
  }
}
