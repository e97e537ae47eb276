import Testing

@testable import FileFormats

struct JSONValueTests {
  @Test func literalsAndAccessors() {
    let value: JSONValue = ["a": 1, "b": [2.5, nil, true], "c": "text", "d": ["e": -1]]
    #expect(value.object?.keys == ["a", "b", "c", "d"])
    #expect(value["a"]?.int == 1 && value["a"]?.double == 1 && value["a"]?.string == nil)
    #expect(value["b"]?.array == [.number(2.5), .null, .bool(true)])
    #expect(value["b"]?.array?[2].bool == true && value["b"]?["x"] == nil)
    #expect(value["c"]?.string == "text" && value["c"]?.double == nil && value["c"]?.array == nil)
    #expect(value["d"]?["e"]?.int == -1)
    #expect(JSONValue.number(3).int == 3 && JSONValue.number(3.5).int == nil && JSONValue.number(.nan).int == nil)
  }

  @Test func objectsKeepTheirOrder() {
    var object: JSONObject = ["b": 1, "a": 2]
    object["c"] = 3
    object["b"] = 4
    object["a"] = nil
    object["z"] = nil
    #expect(object == ["b": 4, "c": 3])
    #expect(object != ["c": 3, "b": 4])
    #expect(JSONObject() == [:])
  }

  @Test func repeatedKeysTrap() async {
    await #expect(processExitsWith: .failure) { _ = ["a": 1, "a": 2] as JSONValue }
    await #expect(processExitsWith: .failure) { _ = ["a": 1, "a": 2] as JSONObject }
  }
}
