import Equivariant

/// The predictions of a classifier for some graphs.
struct ClassifierEvaluation {
  /// The numbers of graphs by class and predicted class.
  private(set) var confusion: ConfusionMatrix
  /// The sum of the cross entropies.
  private var lossSum = 0.0
  /// The predicted class of each graph, in the order of the batches.
  private(set) var predictions: [Int] = []

  var count: Int { predictions.count }
  var loss: Double { lossSum / Double(count) }
  /// The share of wrong answers, plus an amount below the share of one graph that grows with the loss. So fewer errors come first, and
  /// among equally many the lower loss. Not a number if there are no graphs.
  var error: Double { (Double(count - confusion.right) + loss / (1 + loss)) / Double(count) }

  init(_ model: GraphClassifier, _ batches: [ClassifierBatch], classes: Int) {
    confusion = ConfusionMatrix(classes: classes)
    for batch in batches {
      let logits = withoutRecording { model(batch.graphs) }
      lossSum += Double(crossEntropy(logits, batch.labels).item) * Double(batch.labels.count)
      let scores = logits.elements
      for (row, label) in batch.labels.enumerated() {
        let own = scores[row * classes..<(row + 1) * classes]
        let predicted = own.indices.max { own[$0] < own[$1] }! - own.startIndex
        confusion.add(label, predicted: predicted)
        predictions.append(predicted)
      }
    }
  }
}

extension GraphDataset {
  /// The graphs with the given numbers in batches for evaluation.
  func batches(_ numbers: [Int]) -> [ClassifierBatch] {
    stride(from: 0, to: numbers.count, by: 128).map { ClassifierBatch(self, Array(numbers[$0..<min($0 + 128, numbers.count)])) }
  }
}
