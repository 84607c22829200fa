"""The part of PowerShell that is run here, against what Windows PowerShell prints."""

import pytest

pytest.importorskip("tree_sitter", reason="reads PowerShell with a grammar: pip install tree-sitter")

from local_aws.servers.powershell import Machine, PowerShellError, run


def test_a_script_prints_what_its_statements_write() -> None:
    assert run("$a = 1\n'{0,-4}|{1}' -f 'x', ($a + 2)", Machine()) == (["x   |3"], 0)


def test_exit_ends_the_script_with_its_status() -> None:
    assert run("foreach ($n in @(1, 2, 3)) { $n; if ($n -eq 2) { exit 7 } }", Machine()) == (["1", "2"], 7)


def test_an_error_goes_to_the_catch_of_its_type() -> None:
    def fail() -> list[str]:
        raise PowerShellError("none", "System.A")

    script = "try { Get-It } catch [System.B] { 'b' } catch { $_.Exception.Message }"
    assert run(script, Machine(commands={"Get-It": fail}))[0][0] == "none"


def test_an_error_that_nothing_catches_ends_the_script() -> None:
    assert run("'before'\nthrow 'why'\n'after'", Machine()) == (["before", "why"], 1)


def test_a_function_returns_early_and_keeps_its_variables() -> None:
    script = "$x = 1\nfunction Test-It([int] $N) { $x = 2; if ($N -eq 0) { return 'none' }; 'some' }\n"
    assert run(script + "Test-It 0\nTest-It 5\n$x", Machine()) == (["none", "some", "1"], 0)


def test_a_program_gives_its_lines_and_exit_code() -> None:
    called: list[tuple[str, list[str]]] = []

    def program(path: str, arguments: list[str]) -> tuple[list[str], int]:
        called.append((path, arguments))
        return [" said "], 3

    script = "$n = 'b'\n$l = & 'C:\\x.exe' -a one \"ssm:$n\" 2>&1 | ForEach-Object { \"$_\".Trim() }\n$l\n"
    assert run(script + "$LASTEXITCODE", Machine(program=program)) == (["said", "3"], 0)
    assert called == [("C:\\x.exe", ["-a", "one", "ssm:b"])]


@pytest.mark.parametrize("script", ["Get-Nothing", "[Some.Type]::Member()", "$a = 1 -shl 2"])
def test_what_is_not_known_is_refused(script: str) -> None:
    with pytest.raises(NotImplementedError):
        run(script, Machine())


def test_a_variable_that_is_not_set_is_an_error() -> None:
    assert run("$nothing", Machine())[1] == 1


def test_a_script_that_the_grammar_does_not_read_is_refused() -> None:
    with pytest.raises(SyntaxError):
        run("if (", Machine())
