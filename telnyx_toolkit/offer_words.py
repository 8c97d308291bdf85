"""The words of a plain offer: around a firm figure there are hardly any others.

Ways to name a figure and not to offer it have no end: "I doubt we can get to 60", "60 would kill
us". Ways to offer it are few. So these are listed, and a figure among other words is not
taken for firm.
"""

from telnyx_toolkit.word_lists import set_of

#: What may stand right before a firm figure.
LEADING = set_of(
    "is its thats that thatll at do does doing for to charge charges charging cost costs"
    " be been itll make makes it can pay pays you offer offering say us get give take"
    " takes comes come runs run are we quote quoting stay stays remain go with only just"
    " exactly flat plus and so then but yes yeah okay ok no not uh um er ah oh well deal"
    " our your on in need seat have has than call all every each person head plate guest"
    " people hour day now even down an a the price total totals rate fee tax deposit"
    " minimum maximum also still meant mean rather actually sorry wait usd eur gbp cad mxn"
    " aud showing read reads see charged i from room hall menu buffet dinner lunch"
    " delivery food add adds adding bring brings holds hold fits fit son es seria serian"
    " por a en de cuesta cuestan sale salen vale valen el la los las total precio dejar"
    " dejo dejamos cobramos cobro y digo perdon sí si no pero queda quedan puedo hago"
    " hacemos entonces pues service correct this exact pounds whole lowest final those"
    " thatd itd wed id ill cest talking first hundred thousand right sure of"
)
#: What else may stand in its clause.
PLAIN = LEADING | set_of(
    "could would will ll let lets me my weve im about there theres"
    " youre theyre any cant cannot couldnt of by per goes out up as them they too same any"
    " one ones two day days"
    " time week weeks month months night years year ago since old been business doing done"
    " this began begun started founded father mother"
    " honestly look listen guys sir maam dear please thanks thank much very really kind"
    " group party event wedding crowd company office package option options"
    " set standard regular"
    " plated buffets salad chicken beef fish meat pasta wine drinks coffee bar staff servers setup"
    " catering meal meals breakfast brunch items item piece pieces box boxes tray trays ticket"
    " adults adult kids children guests persons pax heads plates seats rooms hours gonna going"
    " charging charge doing making looking showing paying better lower cheaper cheapest best low"
    " great good fine special deal offer offers prices rates fees totals sum amount figure number"
    " amounts quote comes cost works work apply applies tops max even gratuity taxes percent"
    " everything everyone including included includes inclusive without something special"
    " system screen list website chart computer weekend evening morning afternoon here today"
    " notice down free back if when which what want like how many big small hot cold large"
    " because bigger smaller bit since again later earlier gets needs needed"
    " under ten between around meet order orders book booking booked confirm confirmed hold held"
    " le les te se mi nuestro menu grupo fiesta evento persona personas cabeza comida cena"
    " almuerzo bebidas incluido incluida incluye todo toda todos para con sin que lo su cada uno"
    " una un del al mas impuestos servicio dolares euros pesos ciento libras serias hoy ahora"
    " dollars dollar bucks euro cents pound peso us canadian each apiece pp en total pieza"
)
#: Behind a subject that is not listed, one of these makes a figure its price: the tent is 300.
COPULAS = set_of("is are be costs cost runs comes es son cuesta cuestan sale salen vale pay pays")
#: Subjects of other people's figures.
NOT_THEIRS = set_of(
    "nobody noone nobodys anybody someone somebody other others another elsewhere he she his her"
    " their yours last previous nadie otro otra otros"
)
#: Behind these words stands what the figure is for, in any words.
FOLLOWED_BY_ANYTHING = set_of(
    "per a an each for with without plus including and all before after on por cada con mas"
    " para but so because y apiece since includes incluye sin"
)
