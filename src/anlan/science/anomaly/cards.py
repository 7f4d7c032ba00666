"""The cards of the statistical hints."""

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text

HINT_ONLY = Caveat(
    "anomaly.hint_only",
    Text(
        "统计提示仅供研判参考，不触发报警，也不降低风险等级",
        "A statistical hint for judgement: it raises no alarm and lowers no risk level",
    ),
)
_CORRELATED = Caveat(
    "anomaly.correlated_samples",
    Text(
        "误报间隔按样本独立计算，过程数据前后相关，实际误报更多",
        "Run lengths suppose independent samples; process data are correlated and signal more often",
    ),
)
_TRAINED = Caveat(
    "anomaly.training_window",
    Text(
        "训练时段须代表正常工况；工况变化后须重新训练",
        "The training window must stand for normal running; after a change of regime it must be taken anew",
    ),
)
_SIGNAL = Quantity("values", "", Text("测值", "readings"))
_SERIES = Text("等间隔、以正常时段标准化的测值", "readings at even steps, standardised by a normal period")


def _card(
    name: str,
    title: Text,
    purpose: Text,
    applicability: Text,
    references: tuple[str, ...],
    *caveats: Caveat,
) -> ModelCard:
    return ModelCard(
        id=f"anomaly.{name}",
        version="1",
        title=title,
        purpose=purpose,
        applicability=applicability,
        inputs=(_SIGNAL,),
        references=references,
        verification=Verification.VERIFIED,
        suite="anomaly",
        caveats=(HINT_ONLY, *caveats),
    )


EWMA = _card(
    "ewma",
    Text("指数加权移动平均图", "EWMA chart"),
    Text("发现均值的小幅持续偏移", "finds small lasting shifts of the mean"),
    _SERIES,
    (
        "Roberts, S. W. (1959), Technometrics 1, 239-250",
        "Crowder, S. V. (1987), Technometrics 29, 401-407: run length by an integral equation",
    ),
    _CORRELATED,
)
CUSUM = _card(
    "cusum",
    Text("累积和图", "CUSUM chart"),
    Text("发现均值的小幅持续偏移，并区分方向", "finds small lasting shifts of the mean, by direction"),
    _SERIES,
    (
        "Page, E. S. (1954), Biometrika 41, 100-115",
        "Goel, A. L. and Wu, S. M. (1971), Technometrics 13, 221-230: run length by an integral equation",
    ),
    _CORRELATED,
)
SEASON = _card(
    "season",
    Text("按时段的稳健偏离", "Robust z against the season"),
    Text("与同一时段以往的中位数比较", "compares with the median of the same hours before"),
    Text("至少数日的历史；按日内小时分段", "some days of history, by hour of the day"),
    ("Rousseeuw and Croux (1993), J. Am. Stat. Assoc. 88, 1273-1283: 1.4826·MAD",),
    _TRAINED,
)
PCA = _card(
    "pca",
    Text("单元主元监控 T² 与 Q", "PCA monitor of a unit: T² and Q"),
    Text("发现多个测点之间关系的改变", "finds a change in how the points of a unit move together"),
    Text("同一单元的多个测点，同一工况", "several points of one unit in one regime"),
    (
        "Jackson, J. E. and Mudholkar, G. S. (1979), Technometrics 21, 341-349: limit of Q",
        "Tracy, Young and Mason (1992), J. Quality Technology 24, 88-95: limit of T² for new observations",
        "Chiang, Russell and Braatz (2001), Fault Detection and Diagnosis in Industrial Systems, ch. 4",
    ),
    _TRAINED,
)
TREND = _card(
    "mann_kendall",
    Text("曼-肯德尔趋势检验", "Mann–Kendall trend test"),
    Text("判断一段时期内有无单调趋势", "tells whether a period has a monotone trend"),
    Text("近似独立的等权测值（如日值）", "roughly independent values such as daily ones"),
    (
        "Mann, H. B. (1945), Econometrica 13, 245-259",
        "Kendall, M. G. (1975), Rank Correlation Methods",
        "Sen, P. K. (1968), J. Am. Stat. Assoc. 63, 1379-1389: slope",
    ),
    _CORRELATED,
)
TIME_TO_LIMIT = _card(
    "time_to_limit",
    Text("到限时间", "Time to limit"),
    Text("按近期线性变化推算何时到达报警限", "when a limit is reached if things go on in a straight line"),
    Text("近期变化近于线性", "recent change that is nearly linear"),
    ("Fieller, E. C. (1954), J. R. Stat. Soc. B 16, 175-185: interval of the crossing",),
    _CORRELATED,
)
