"""The rule file that most tests of the language server look at."""

TEXT = """\
## People.
table people {
  ## Age in full years.
  age : int in 0..120
  job : category { "none", "clerk", "judge" }
  pay : decimal(2) in 0..9_000 null
  `odd one` : bool
}
param least = 18
def working = job in { "clerk", "judge" }
def bonus(x) = x * 2 + least
lookup cap(k -> v) { "clerk" -> 10; "judge" -> 20 }
hard adult: working => age >= least
hard capped: pay <= cap(job) + bonus(age)
test "t" {
  reject { age: 3, job: "clerk" } by adult
  reject { age: 200 } by "age.domain"
}
"""
