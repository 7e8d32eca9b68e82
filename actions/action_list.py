"""Every action there is, built with its equipment. The names are those of rasa_project/domain/actions.yml."""

from __future__ import annotations

from actions import answer_paused, answer_reply, drill_actions, lobby_actions, offer_actions, scene_actions
from actions.equipment import Equipment
from actions.practice_action import PracticeAction

ACTIONS: tuple[type[PracticeAction], ...] = (
    lobby_actions.Greet,
    lobby_actions.AnswerQuestion,
    lobby_actions.ExplainSkill,
    lobby_actions.ShowHelp,
    offer_actions.OfferScenes,
    offer_actions.OfferFirstScenes,
    offer_actions.OfferOtherScenes,
    offer_actions.OfferDrills,
    offer_actions.PickOffer,
    offer_actions.RaiseAlarm,
    scene_actions.OpenScene,
    scene_actions.BeginScene,
    answer_reply.AnswerReply,
    scene_actions.GiveHint,
    scene_actions.TryAgain,
    scene_actions.PauseScene,
    scene_actions.TimeOutScene,
    scene_actions.ResumeScene,
    scene_actions.StopScene,
    scene_actions.TakeGuess,
    scene_actions.RevealPartner,
    scene_actions.CloseDebrief,
    scene_actions.Leave,
    answer_paused.AnswerPaused,
    scene_actions.SayWhereWeAre,
    drill_actions.OpenIStatementDrill,
    drill_actions.OpenParaphraseDrill,
    drill_actions.OpenEmotionLabelDrill,
    drill_actions.CheckIStatement,
    drill_actions.CheckParaphrase,
    drill_actions.CheckEmotionLabel,
    drill_actions.HintDrill,
    drill_actions.RepeatDrillLine,
    drill_actions.PauseDrill,
    drill_actions.ResumeDrill,
    drill_actions.StopDrill,
)


def build_actions(equipment: Equipment) -> list[PracticeAction]:
    """One instance of each."""
    return [action(equipment) for action in ACTIONS]
