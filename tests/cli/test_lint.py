import pytest

RIGHT = '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/>'
ADVICE = '<userTask id="t"/>'
WRONG = '<startEvent id="s"/>\n<sequenceFlow id="f" sourceRef="s" targetRef="gone"/>'


def test_a_clean_model_prints_nothing_and_exits_0(pdflow, bpmn):
    result = pdflow("lint", bpmn(RIGHT))
    assert (result.exit_code, result.output) == (0, "")


def test_advice_alone_is_printed_and_exits_0(pdflow, bpmn):
    path = bpmn(ADVICE)
    result = pdflow("lint", path)
    assert result.exit_code == 0
    assert f"{path}:1 t user-task-role Nobody is named for this user task." in result.output


def test_an_error_is_printed_with_file_line_element_and_rule_and_exits_1(pdflow, bpmn):
    path = bpmn(WRONG)
    result = pdflow("lint", path)
    assert result.exit_code == 1
    assert (
        f"{path}:2 f dangling-reference The target 'gone' of this sequence flow does not exist."
        in result.output
    )


def test_the_worst_of_several_files_decides(pdflow, bpmn, tmp_path):
    good, bad = bpmn(RIGHT, "good.bpmn"), bpmn(WRONG, "bad.bpmn")
    assert pdflow("lint", good, bad).exit_code == 1
    assert pdflow("lint", good, bad, tmp_path / "none.bpmn").exit_code == 2


def test_without_a_file_it_is_bad_use(pdflow):
    assert pdflow("lint").exit_code == 2


def test_policies_and_forms_of_the_folder_are_known(pdflow, bpmn, tmp_path):
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "decide.json").write_text("{}")
    form = '<userTask id="t"><extensionElements><zeebe:formDefinition formId="{}"/></extensionElements></userTask>'
    assert "user-task-form" not in pdflow("lint", bpmn(form.format("decide"))).output
    assert "The form 'decde' does not exist." in pdflow("lint", bpmn(form.format("decde"))).output


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><d>&b;</d>'
)
EXTERNAL = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><definitions>&x;</definitions>'
HEAD = (
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://example.org">'
)
HOSTILE = {
    "entity bomb": BOMB,
    "external entity": EXTERNAL,
    "fifty megabytes": HEAD + b" " * 50_000_000 + b"</definitions>",
    "nested a thousand deep": HEAD + b"<subProcess>" * 1_000 + b"</subProcess>" * 1_000 + b"</definitions>",
    "garbage bytes": bytes(range(256)) * 40,
    "a NUL inside": HEAD + b"<process id='a\x00b'/></definitions>",
    "nothing": b"",
    "another kind of XML": b"<html><body/></html>",
    "BPMN of another version": b'<definitions xmlns="http://schema.omg.org/spec/BPMN/2.0"/>',
    "cut off": HEAD + b"<process id='p'>",
    "wrong encoding": '<?xml version="1.0" encoding="utf-8"?><definitions name="\xe9"/>'.encode("latin-1"),
}


@pytest.mark.parametrize("command", ["lint", "run", "test-model"])
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(pdflow, tmp_path, command, content):
    path = tmp_path / "hostile.bpmn"
    path.write_bytes(content)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "hostile.json").write_text('[{"name": "any", "expect": {"state": "completed"}}]')
    result = pdflow(command, path)
    assert result.exit_code == 2
    assert "hostile.bpmn:" in result.output
    assert "Traceback" not in result.output
    assert "/etc" not in result.output.replace(str(tmp_path), "")


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 5_000 + "1" + ")" * 5_000,
        "-" * 5_000 + "1",
        "[" * 5_000,
        "if a then " * 5_000 + "1",
        "x" * 200_000 + " +",
    ],
    ids=["brackets", "signs", "open lists", "open ifs", "long name"],
)
def test_deep_feel_is_refused_by_name(pdflow, bpmn, expression):
    path = bpmn(
        '<task id="t"/><sequenceFlow id="f" sourceRef="t" targetRef="u">'
        f'<conditionExpression>= {expression}</conditionExpression></sequenceFlow><task id="u"/>'
    )
    result = pdflow("lint", path)
    assert result.exit_code == 1
    assert " f feel-syntax " in result.output
    assert len(result.output) < 5_000
