"""What pages that hold no article say, in the languages of the world's news.

Every pattern is matched against lower-case text whose white space is folded and whose apostrophes are straight.
"""
# ruff: noqa: E501 - a language a line

from __future__ import annotations

import re
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from scraper.extraction.words.spelling import lowered
from scraper.writing import JOINED, UNSPACED_LETTER

if TYPE_CHECKING:
    from collections.abc import Sequence

_ANYWHERE = JOINED + "\u0600-\u06ff"
_LINES = re.compile(r"\s*\n\s*")
_BARS = re.compile(r"([|()])")
_REPEATS = ("*", "+", "{")
_MOST_BEHIND = 100
"""Characters of a pattern that are repeated for each branch before them: more take long to be compiled."""
_FEW = 3
"""Alternatives that are tried as fast one by one."""


def count_words(text: str) -> int:
    """Return the number of words; two letters count as one in scripts without spaces.

    >>> count_words("rain is coming"), count_words("明天将有大雨")
    (3, 3)
    """
    if text.isascii() or not (wide := len(UNSPACED_LETTER.findall(text))):
        return len(text.split())
    return len(UNSPACED_LETTER.sub(" ", text).split()) + wide // 2


def plain(text: str) -> str:
    """Return the text as the patterns of this module expect it."""
    return " ".join(lowered(text.replace("’", "'").replace("‘", "'")).split())


def plain_lines(lines: Sequence[str]) -> list[str]:
    """Return each line folded, where its white space already is."""
    return lowered("\n".join(lines).replace("’", "'").replace("‘", "'")).split("\n") if lines else []


def _joined(lines: str) -> str:
    """Return the alternatives, split by "|", about a language a line, as those of one pattern."""
    return "|".join(line.removeprefix("|") for line in _LINES.split(lines) if line)


def _alternatives(pattern: str) -> list[str]:
    """Return what stands between the bars of a pattern that are in no group.

    >>> _alternatives("ray id|(?:no|not) found")
    ['ray id', '(?:no|not) found']
    """
    found, depth = [""], 0
    for part in _BARS.split(pattern):
        depth += (part == "(") - (part == ")")
        if part == "|" and not depth:
            found.append("")
        else:
            found[-1] += part
    return found


def _opened(alternative: str) -> list[str]:
    """Return an alternative that begins with a group as one for each branch of it, where little stands behind.

    >>> _opened("(?:no|not) found")
    ['no found', 'not found']
    """
    if not alternative.startswith("(?:"):
        return [alternative]
    depths = accumulate((sign == "(") - (sign == ")") for sign in alternative)
    end = next(at for at, depth in enumerate(depths) if not depth)
    group, rest = alternative[3:end], alternative[end + 1 :]
    behind = rest.removeprefix("?")
    if len(rest) > _MOST_BEHIND or behind.startswith(_REPEATS):
        return [alternative]
    branches = [each + behind for each in _alternatives(group)] + ([behind] if behind != rest else [])
    return [each for branch in branches for each in _opened(branch)]


def _by_letter(alternatives: Sequence[str]) -> str:
    """Return the same alternatives, those that begin with one letter in a group behind it.

    `re` tries every branch where a word begins, each in its turn.

    >>> _by_letter(["ray id", "reference", "no robot", "rate"])
    'r(?:ay id|eference|ate)|no robot'
    """
    if len(alternatives) <= _FEW:
        return "|".join(alternatives)
    groups: dict[str, list[str]] = {}
    for each in alternatives:
        is_letter = each[:1].isalnum() and not each[1:].startswith(("?", *_REPEATS))
        groups.setdefault(each[0] if is_letter else each, []).append(each)
    return "|".join(
        f"{letter}(?:{_by_letter([each[1:] for each in group])})" if len(group) > 1 else group[0]
        for letter, group in groups.items()
    )


def _any(lines: str) -> re.Pattern[str]:
    """Return one pattern of the alternatives."""
    return re.compile(_joined(lines))


def _phrases(lines: str) -> re.Pattern[str]:
    """Return a pattern of the same alternatives where words begin: looking nowhere else takes a fifth of the time.

    Arabic and the scripts without spaces begin one anywhere.
    """
    opened = dict.fromkeys(chain.from_iterable(map(_opened, _alternatives(_joined(lines)))))
    return re.compile(rf"(?<![^\W{_ANYWHERE}])(?:{_by_letter([*opened])})")


CONSENT = _phrases(r"""
    we (?:and|&) (?:our|the) (?:[\d,.]+ )?(?:\w+ )?(?:partners|vendors)|store and/?(?:or)? access information
    |(?:we|this (?:web ?)?site|our (?:web ?)?site) uses? (?:\w+ )?cookies|(?:accept|reject) (?:all )?cookies
    |legitimate interest|manage (?:your |my )?(?:cookie |consent |privacy )(?:preferences|choices|settings|options)
    |before you continue to|we value your privacy|we care about your privacy|by clicking .{0,30}(?:accept|agree)
    |your (?:consent|personal data)|measure ad(?:vertising)? performance|personali[sz]ed (?:ads|advertising|content)
    |cookie (?:policy|consent|settings|preferences|notice)|consent to (?:the use|our use|these|this)|list of (?:partners|vendors)
    wir (?:und|verwenden|nutzen|benötigen) .{0,40}(?:cookies|partner|einwilligung|zustimmung)|cookies (?:zu)?zustimmen|alle(?:m)? (?:cookies )?(?:akzeptieren|zustimmen)
    |berechtigte[sn]? interesse|mit werbung (?:und tracking )?(?:weiter)?(?:lesen|nutzen)|werbefrei (?:lesen|nutzen)|ihre (?:einwilligung|zustimmung)
    |datenschutz-?einstellungen|personenbezogene daten|pur-abo|weiter mit werbung|besuchen sie .{0,40}wie gewohnt mit werbung
    nous et nos (?:[\d .]+ )?partenaires|(?:accepter|refuser) (?:tout|les cookies|et (?:fermer|continuer))|tout (?:accepter|refuser)|continuer sans accepter
    |votre (?:consentement|vie privée)|intérêt légitime|(?:ce site|nous) (?:utilise|utilisons) (?:des|les) cookies|gérer (?:mes|vos) (?:choix|préférences|cookies)|données personnelles
    (?:nosotros y )?nuestros (?:[\d.]+ )?(?:socios|partners)|(?:aceptar|rechazar)(?: y continuar| todo| todas| cookies| las cookies)|interés legítimo|su (?:consentimiento|privacidad)
    |utiliza(?:mos)? cookies|datos personales|gestionar (?:las )?(?:cookies|preferencias)|configura(?:r|ción de) (?:las )?cookies
    noi e i nostri (?:[\d.]+ )?(?:partner|fornitori)|(?:accetta|rifiuta)(?: e continua| tutti| tutto| i cookie)|il (?:tuo|suo) consenso|legittimo interesse|utilizz(?:a|iamo) (?:i )?cookie|dati personali|la tua privacy
    nós e (?:os )?nossos (?:[\d.]+ )?parceiros|(?:aceitar|rejeitar) (?:tudo|todos|cookies|e continuar)|interesse legítimo|seu consentimento|utiliza(?:mos)? cookies|dados pessoais|sua privacidade
    wij en onze (?:[\d.]+ )?partners|(?:alles )?accepteren|cookies (?:accepteren|weigeren|toestaan)|gerechtvaardigd belang|jouw (?:toestemming|privacy)|uw (?:toestemming|privacy)|gebruik(?:t|en)? (?:van )?(?:\w+ )?cookies|persoonsgegevens
    my i nasi (?:\w+ )?partnerzy|(?:akceptuj|zaakceptuj|odrzuć)(?:ę)? (?:wszystk|i przejdź|cookies)|przejdź do serwisu|uzasadnion\w+ interes|twoj\w+ (?:zgod|prywatno)|danych osobowych|(?:używamy|wykorzystujemy) (?:plik|cookie)|zgoda na przetwarzanie
    (?:vi|vi och|vi og) (?:och våra |og våre |og vores )?(?:[\d.]+ )?(?:partner|samarbets)|godkänn alla|acceptera alla|godta alle|accepter alle|tillad alle|samtykke|samtycke|berättigat intresse|(?:bruker|använder|anvender|bruger) (?:\w+ )?(?:cookies|informasjonskapsler|kakor)|personopplysninger|personuppgifter
    hyväksy (?:kaikki|evästeet)|evästei|souhlas(?:ím|u)|přijmout (?:vše|všechny)|osobní(?:ch|mi)? údaj|soubor\w* cookie|oprávněn\w+ zájm|az összes elfogadása|hozzájárul|sütiket|accept(?:ă|ați)? toate|consimțământ
    мы (?:и наши партн[её]ры|используем)|файл\w* cookie|принять (?:все|и продолжить)|персональны\w+ данны|обработк\w+ персональн|ваше согласие|використову\w+ (?:файли )?cookie|прийняти (?:все|усі)
    çerez(?:ler)?(?:i|leri)? (?:kullan|kabul)|tümünü kabul|kişisel veri|αποδοχή (?:όλων|cookies)|συγκατάθεσ|χρησιμοποιούμε cookies|προσωπικ\w+ δεδομέν
    (?:我们|本网站)(?:和我们的合作伙伴|使用).{0,12}cookie|接受(?:所有|全部)?.{0,4}cookie|同意并继续|クッキー(?:の使用|を使用|に同意)|cookie(?:の使用|を使用|に同意|を受け入れ)|すべて(?:同意|許可|受け入れ)|쿠키(?:를 사용|에 동의|를 허용)|모두 (?:동의|허용)
    ملفات تعريف الارتباط|قبول (?:الكل|الجميع)|نحن وشركاؤنا|موافقتك|kami (?:dan mitra|menggunakan cookie)|terima semua|chúng tôi sử dụng cookie|chấp nhận tất cả
""")

CONSENT_TITLE = _any(r"""
    before you continue|cookie (?:consent|settings|wall|notice)|your privacy|privacy (?:choices|settings|gate|preferences)|consent|we value your
    datenschutz|einwilligung|zustimmung|cookie-einstellungen|mit werbung|bevor (?:du|sie) fortf
    vie privée|consentement|gestion des cookies|privacidad|consentimiento|antes de continuar|consenso|la tua privacy|prima di continuare|antes de ir|privacy ?gate|toestemming|voordat je verdergaat|samtykke|samtycke|zgoda|prywatno|souhlas|çerez|同意|プライバシー|согласие
""")

BOT_WALL = _phrases(r"""
    enable (?:javascript and cookies|cookies and javascript|js and cookies|javascript and (?:reload|refresh))|(?:you are|you're|are you) (?:not )?a (?:human|robot|bot)\b|verify(?:ing)? (?:that )?you(?:'re| are) (?:not )?(?:a )?(?:human|robot|bot)
    |checking (?:your|the) (?:browser|site connection)|unusual (?:traffic|activity) from|press (?:&|and) hold to confirm|complete the (?:security check|captcha|challenge)|solve (?:the|this) (?:captcha|puzzle|challenge)
    |needs to review the security of your connection|performance (?:&|and) security by|you don't have permission to access|access to this page has been denied|you have been blocked|pardon our interruption
    |ray id|incident id|reference (?:#|id|number|&#)|automated (?:access|requests|queries|traffic)|powers and abilities|ddos protection|protected by|request unsuccessful|security service to protect
    |(?:please|you must|you need to|must be) (?:enable|turn on|have) (?:javascript|cookies)|disable (?:any|your) (?:ad ?blockers?|vpn)|please wait while (?:we|your)|human verification|not a robot|too many requests|slow down|your (?:ip|ip address) (?:has been|is|was)
    (?:aktivieren|erlauben) sie (?:bitte )?(?:javascript|cookies)|javascript und cookies|überprüf\w+,? (?:ob|dass) sie (?:ein mensch|kein)|sicherheitsüberprüfung|bestätigen sie,? dass sie (?:ein mensch|kein)|ihr browser wird (?:über|ge)prüft|ungewöhnlich\w+ (?:datenverkehr|zugriff|aktivität)|zugriff verweigert
    (?:activer|activez) (?:javascript|les cookies|js)|vérifi\w+ (?:que vous êtes|votre navigateur|la sécurité|humaine)|vous n'êtes pas un robot|trafic inhabituel|accès (?:à cette page )?(?:refusé|temporairement)|contrôle de sécurité
    (?:habilit|activ)\w+ (?:javascript|las cookies)|(?:verifi|compr(?:o|ue)b|confirm|demuestr)\w+ que (?:usted )?(?:no )?(?:eres|es) (?:una? )?(?:ser )?(?:humano|persona|robot)|(?:complet|resuelv)\w+ el captcha|tráfico inusual|acceso denegado|comprobando su navegador|verificación de seguridad
    (?:abilita|attiva)\w* (?:javascript|i cookie)|verific\w+ (?:di essere|che (?:tu )?sei) (?:un essere )?uman|non (?:sei|sono) un robot|traffico insolito|accesso negato
    (?:habilite|ative) (?:o )?(?:javascript|os cookies)|(?:verifi|confirm|prov)\w+ (?:se |que )?(?:você )?(?:não )?é (?:um )?(?:ser )?(?:human|robô)|(?:complet|resolv)\w+ o captcha|não (?:é|sou) um robô|tráfego incomum|acesso negado
    (?:schakel|zet) javascript|(?:controler|verifi)\w+ (?:of|dat) (?:je|u) (?:een|geen) (?:mens|robot)|włącz (?:obsługę )?(?:javascript|cookies)|(?:potwierdź|sprawdza\w+).{0,20}(?:człowiek|robot)|nie jestem robotem
    (?:включите|разрешите) (?:javascript|cookies?|поддержку)|(?:подтвердите|проверя\w+|убедит\w+),? .{0,25}(?:человек|не робот|браузер)|вы не робот|подозрительн\w+ (?:трафик|активность)|доступ (?:запрещ[её]н|ограничен|заблокирован)|увімкніть javascript
    请(?:启用|开启|打开).{0,4}(?:javascript|cookie|js)|(?:验证|确认)您(?:是|不是)(?:真人|人类|机器人)|正在(?:检查|验证).{0,8}(?:浏览器|安全|连接)|安全(?:验证|检查)|访问(?:被拒绝|过于频繁|异常)|請(?:啟用|開啟).{0,4}(?:javascript|cookie)|驗證您(?:是|不是)
    (?:javascript|cookie|クッキー)を有効に|(?:ロボット|ボット)で(?:は)?(?:ない|ありません)|人間であること|アクセスが(?:拒否|制限)|자바스크립트를 (?:활성화|사용)|로봇이 아(?:닙|니|님)|사람인지 (?:확인|검증)|비정상적인 (?:접근|트래픽)
    (?:تفعيل|تمكين) (?:javascript|جافا|ملفات)|(?:أنك|أنت) (?:لست روبوت|إنسان|بشري)|التحقق من (?:أمان|أنك|متصفح)|robot olmadığınızı|javascript'i (?:etkin|açın)|insan olduğunuzu|aktifkan javascript|bukan robot|không phải (?:là )?(?:robot|người máy)
""")

BOT_TITLE = _any(r"""
    just a moment|attention required|access (?:to this page has been )?denied|are you a (?:robot|human)|robot (?:check|or human)|(?:verify|verification).{0,12}human|human verification|bot (?:verification|detection|challenge)|security (?:check|checkpoint|verification)|pardon our interruption|one more step
    |checking your browser|ddos-guard|captcha|challenge validation|client challenge|request (?:unsuccessful|rejected|blocked)|you (?:have been|are being|'ve been) (?:blocked|rate limited)|blocked|please wait|too many requests|unusual traffic|validate (?:user|request)|forbidden|radware|website firewall
    einen moment|nur einen moment|zugriff verweigert|sicherheits(?:über)?prüfung|un (?:instant|momento|moment)|accès refusé|acceso denegado|accesso negato|acesso negado|um momento|só um momento|een moment|cierpliwości|odmowa dostępu|один момент|подождите|доступ (?:запрещ|ограничен)|вы не робот|трохи зачекайте|请稍候|安全验证|访问(?:被拒绝|验证)|請稍候|しばらくお待ち|アクセス拒否|잠시만|bir dakika|لحظة|دقيقة|ett ögonblick|et øjeblikk?|hetkinen|okamžik
""")

ERROR = _phrases(r"""
    (?:page|article|story|content|file|url|resource|document|site|post) (?:(?:that )?you(?:'re| are|'ve| have| were)?(?: \w+){0,3} )?(?:(?:was|is|could|can|has|does|may|you)\w*(?:n't| not|not)?(?: longer| be| been| have| seem to)*) (?:found|exist|available|been (?:moved|removed|deleted|renamed)|moved|removed|deleted|be found|looking for|locate)
    |(?:can't|cannot|can not|couldn't|could not|unable to|didn't|were unable to) (?:seem to )?(?:find|locate) (?:the|that|this|your|what|any)\b.{0,20}(?:page|article|story|looking|content|url|file)?|404|page not found|no longer (?:available|exists|here)|page (?:doesn't|does not) exist|not found on this server|(?:broken|dead|outdated) link
    |something went wrong|internal server error|bad gateway|service (?:is )?(?:temporarily )?unavailable|an (?:unexpected )?error (?:has )?occurred|temporarily (?:unavailable|down)|under maintenance|nothing (?:was )?found (?:here|at this)|technical (?:difficulties|problem)|too many connections|error establishing a database|requested url
    (?:seite|artikel|beitrag|inhalt|datei|adresse)\w*\b.{0,60}(?:nicht gefunden|nicht (?:mehr )?(?:verfügbar|vorhanden|existiert)|existiert (?:leider )?nicht|gibt es (?:leider )?nicht|konnte\b.{0,20}nicht|wurde (?:verschoben|gelöscht))|nicht gefunden|fehler ?(?:404|500|503)|ist ein fehler aufgetreten|wartungsarbeiten
    page (?:introuvable|non trouvée|inexistante|inconnue)|page\b.{0,60}(?:n'existe (?:pas|plus)|n'est (?:pas|plus) (?:disponible|accessible)|est introuvable|a été (?:supprimée|déplacée))|(?:article|contenu)\b.{0,40}(?:n'existe (?:pas|plus)|n'est (?:pas|plus) disponible|introuvable)|erreur (?:404|500|503)|oups|une erreur (?:est survenue|s'est produite)
    página\b.{0,60}(?:no (?:existe|se (?:ha )?(?:encuentra|encontrado|encontró)|está disponible|ha sido encontrada|encontrada)|não (?:existe|foi encontrada|encontrada|está disponível)|ha sido (?:eliminada|movida)|foi (?:removida|movida))|(?:no|não) (?:hemos (?:podido )?encontr\w+|(?:podemos|pudimos|se pudo|pudemos) encontrar|encontramos (?:lo que|la |el |o que|a |o ))|(?:nota|noticia|artículo|notícia|matéria|artigo|dirección|enlace)\b.{0,30}(?:(?:ha|haya|foi|tenha) sido (?:eliminad|borrad|movid|removid|excluíd)\w+|foi (?:removid|excluíd)\w+|mal escrit[ao])|contenido no (?:disponible|encontrado)|error (?:404|500|503)|ha ocurrido un error|não (?:conseguimos|foi possível) encontrar|erro (?:404|500|503)|conteúdo (?:não|indisponível)|ocorreu um erro
    pagina\b.{0,60}(?:non (?:esiste|è stata trovata|trovata|è (?:più )?disponibile)|niet (?:gevonden|beschikbaar|bestaat|meer)|bestaat niet|nu (?:a fost găsită|există|este disponibilă)|inesistente)|errore (?:404|500|503)|si è verificato un errore|contenuto non (?:disponibile|trovato)|fout 404|er ging iets mis|niet gevonden|eroare 404
    (?:artykuł|materiał)\b.{0,40}(?:jest niedostępn|został (?:usunięt|przeniesion)|nie istnieje)|(?:článek|stránka)\b.{0,40}(?:byl[ao]? (?:smazán|odstraněn)|není (?:již )?dostupn)|(?:articolo|notizia)\b.{0,40}(?:non (?:esiste|è (?:più )?disponibile)|è stat[ao] rimoss)|a cikk\b.{0,30}(?:nem (?:található|elérhető))|(?:материал|статья|новость)\b.{0,30}(?:удал[её]н|не существует|больше не доступ)
    stron\w+\b.{0,60}(?:nie (?:istnieje|została znaleziona|znaleziono|można)|została usunięta)|nie (?:znaleziono|odnaleziono|możemy znaleźć)|błąd (?:404|500)|wystąpił błąd|stránka\b.{0,40}(?:nenalezena|neexistuje|nebyla nalezena|sa nenašla)|chyba 404|az oldal nem található|a keresett oldal|nem található
    (?:sidan|siden|sida|side|artikeln|artikkelen|artiklen)\b.{0,60}(?:hittades inte|finns inte|kunde inte|finnes ikke|ble ikke funnet|findes ikke|blev ikke fundet|eksisterer ikke|kan ikke)|sivua ei (?:löyty|ole)|(?:hittar|finner|fant|fandt) (?:inte|ikke) (?:siden|sidan)
    страниц\w+\b.{0,60}(?:не (?:найдена|существует|найдено|доступна)|удалена|перемещена)|не найден[ао]?\b|ошибка (?:404|500|503)|произошла ошибка|сторінк\w+\b.{0,40}(?:не (?:знайдено|існує)|видалена)|помилка 404|страницата не (?:е намерена|съществува)|stranica\b.{0,40}(?:nije pronađena|ne postoji)
    (?:sayfa|haber|içerik)\b.{0,40}(?:bulunamadı|mevcut değil|kaldırıl)|aradığınız (?:sayfa|haber)|hata 404|η σελίδα\b.{0,40}(?:δεν (?:βρέθηκε|υπάρχει))|δεν βρέθηκε
    (?:页面|网页|頁面|網頁|文章|内容|內容).{0,12}(?:不存在|未找到|找不到|無法|无法|已(?:被)?(?:删除|刪除|下线|移除)|走丢)|(?:找不到|未找到|无法找到|無法找到)(?:该|该页|您|頁|页|網|网|文章|此)|抱歉.{0,20}(?:页面|頁面|网页|網頁)
    ページ(?:が|は).{0,20}(?:見つかりません|存在しません|ありません|削除)|(?:記事|お探しのページ)(?:が|は).{0,20}(?:見つかり|存在しません|削除|終了)|페이지를 찾을 수 없|존재하지 않는 (?:페이지|기사)|삭제된 (?:페이지|기사)|요청하신 페이지
    (?:الصفحة|المقال|الرابط|المحتوى)\b.{0,40}(?:غير موجود|غير متوفر|غير متاح|لم يتم العثور|محذوف)|لم يتم العثور|خطأ 404|halaman\b.{0,40}tidak (?:ditemukan|tersedia|ada)|(?:không tìm thấy|không tồn tại)|ไม่พบ(?:หน้า|เนื้อหา)|הדף\b.{0,30}(?:לא נמצא|לא קיים)|(?:पेज|पृष्ठ)\b.{0,20}नहीं (?:मिला|है)|صفحه\b.{0,30}(?:یافت نشد|پیدا نشد|وجود ندارد)
""")

ERROR_TITLE = _any(r"""
    \b(?:40[0-9]|41[0-9]|50[0-9])\b.{0,3}(?:$|[-|:–·—]|error|not found|page|seite|fehler|erreur|forbidden|gone|bad|internal|service|página|pagina|ошибка|страниц)|(?:^|[-|:–·—]\s?)(?:error|http|fehler|erreur|errore|erro|ошибка|błąd|chyba|fout|hata|virhe|fel|feil|fejl)\b.{0,8}\d{3}|\bnot found\b|\bpage (?:cannot|can't) be|no longer available|^oops|^error$|^uh[- ]oh|something went wrong|(?:bad gateway|service unavailable|server error|gone|maintenance)$
    nicht gefunden|nicht (?:mehr )?(?:verfügbar|vorhanden)|introuvable|non trouvée|n'existe (?:pas|plus)|no encontrad|no encontramos|não encontramos|no existe|no disponible|não encontrad|não existe|non trovat|non esiste|niet gevonden|bestaat niet|nie znaleziono|(?:artykuł|strona|materiał) (?:jest )?niedostępn|nie istnieje|nie została znaleziona|nenalezena|nem található|hittades inte|finns inte|ikke funnet|ikke fundet|findes ikke|finnes ikke|ei löyt|не найден|не існує|не знайден|не существует|не е намерен|nije pronađen|nu a fost găsit|bulunamadı|δεν βρέθηκε
    (?:页面|网页|頁面|網頁|文章).{0,6}(?:不存在|未找到|找不到)|(?:找不到|未找到).{0,4}(?:页|頁|网|網)|見つかりません|찾을 수 없|غير موجود|لم يتم العثور|tidak ditemukan|không tìm thấy|ไม่พบ|לא נמצא|यहाँ नहीं|नहीं मिला|یافت نشد|پیدا نشد
""")

LIST_TITLE = _any(r"""
    search results?|results for|you searched for|(?:^|[-|:–·—»] ?)(?:archives?|category|tag|topic|author|section)\b|\barchives?(?:$| [-|–·—»])|latest (?:news|stories|headlines|articles)|(?:breaking|top|all|local|world) (?:news|stories|headlines)|news,? (?:sport|headlines|and|today)|homepage|page \d+|posts by|articles by|all (?:posts|articles)
    suchergebnis|suche nach|aktuelle (?:nachrichten|meldungen|news)|nachrichten (?:aus|heute|und)|neueste|alle artikel|startseite|themenseite|résultats? (?:de|pour)|recherche|(?:toute l'|l')?actualité|actualités|à la une|dernières (?:nouvelles|infos|actualités)
    resultados (?:de|para|da)|últimas (?:noticias|notícias)|noticias (?:de|sobre|y)|notícias (?:de|sobre|do|da|e)|buscar|portada|risultati|ultime notizie|notizie (?:di|su|da)|ultim'?ora|zoekresultaten|laatste nieuws|wyniki wyszukiwania|najnowsze|wiadomości|sökresultat|senaste nytt|søgeresultater|søkeresultater|siste nytt|seneste nyt|uutiset|hakutulokset
    результаты поиска|новости|последние|лента|новини|результати пошуку|搜索结果|最新(?:新闻|消息|資訊)|新闻(?:中心|频道|首页)|首页|首頁|検索結果|(?:新着|最新)(?:ニュース|記事)|記事一覧|ニュース一覧|검색 ?결과|최신 ?뉴스|نتائج البحث|آخر الأخبار|أخبار|son dakika|haberler|arama sonuç|berita terkini|hasil pencarian|tin tức|kết quả tìm
""")

LOGIN = _any(r"""
    (?:^|\W)(?:log ?-?in|sign ?-?in|log ?-?on|my account|register|sign ?-?up|create (?:an |your )?account|(?:forgot(?:ten)?|reset) (?:your )?password|password reset)(?:\W|$)
    anmeld(?:en|ung)|einloggen|registrier(?:en|ung)|passwort (?:vergessen|zurücksetzen)|mein konto|(?:se )?connecter|connexion|identifiez-vous|mot de passe oublié|créer (?:un|votre|mon) compte|inscription
    inici(?:ar|a|o de) sesi[oó]n|acceder a (?:tu|su) cuenta|reg[ií]str(?:arse|ate|ese|o)|olvid\w+ (?:tu|su|la) contraseña|acced(?:i|ere)|login|registrati|password dimenticata|(?:entrar|iniciar sessão|fazer login|cadastr(?:e-se|o))|esquec\w+ (?:a |sua )?senha
    inloggen|aanmelden|wachtwoord vergeten|zaloguj|logowanie|zarejestruj|nie pamiętasz hasła|logga in|logg inn|log ind|glömt lösenord|glemt passord|kirjaudu|rekisteröidy|přihlásit|přihlášení|bejelentkezés|autentificare|вход|войти|авторизац|регистрац|забыли пароль|увійти|giriş yap|üye ol|şifremi unuttum|σύνδεση|登录|登入|注册|註冊|ログイン|会員登録|パスワードを(?:忘れ|お忘れ)|로그인|회원가입|تسجيل (?:الدخول|دخول)|masuk|daftar|đăng (?:nhập|ký)
""")

CART = _phrases(r"""
    add (?:it )?to (?:my |your )?(?:cart|basket|bag|trolley)|buy (?:it )?now|in stock|out of stock|free (?:shipping|delivery|returns)|proceed to checkout|add to wish ?list
    in den (?:warenkorb|einkaufswagen)|jetzt kaufen|auf lager|lieferbar|sofort lieferbar|inkl\. mwst|zzgl\. versand|versandkosten|kostenloser versand|auf den merkzettel
    ajouter au panier|acheter (?:maintenant|en)|en stock|livraison (?:gratuite|offerte)|rupture de stock|añadir (?:al carrito|a la cesta)|agregar al carrito|comprar ahora|en existencias|envío gratis|sin stock|aggiungi al carrello|acquista ora|disponibilità immediata|spedizione gratuita
    adicionar ao carrinho|comprar agora|em estoque|frete grátis|in (?:mijn )?winkel(?:wagen|mandje)|op voorraad|gratis verzending|dodaj do koszyka|kup teraz|darmowa dostawa|lägg i (?:varukorg|kundvagn)|köp nu|legg i handlekurv|læg i kurv?|i lager|på lager|lisää ostoskoriin|vložit do košíku|přidat do košíku|kosárba|adaugă în coș
    (?:добавить )?в корзину|купить (?:сейчас|в один клик)|в наличии|до кошика|sepete ekle|hemen al|stokta|ücretsiz kargo|προσθήκη στο καλάθι|加入购物车|加入購物車|立即购买|立即購買|カートに(?:入れる|追加)|今すぐ(?:購入|買う)|在庫(?:あり|切れ)|送料無料|장바구니|바로 ?구매|أضف إلى (?:السلة|عربة)|اشتر الآن|tambah ke keranjang|beli sekarang|thêm vào giỏ
""")

AMOUNT = re.compile(
    r"(?:[$€£¥₹₽₩₺₫฿₴₪]|\b(?:usd|eur|gbp|chf|cad|aud|sek|nok|dkk|pln|czk|huf|inr|rs\.?|kr))\s?\d"
    r"|\d\s?(?:[€£₽₺₴₫₪円元]|(?:zł|kč|ft|kr|eur|usd|руб|грн|lei|tl)\b)",
    re.IGNORECASE,
)
"""An amount of money, with its sign, code or short name before or after it."""

LEGAL_TITLE = _any(r"""
    ^(?:our |the )?(?:privacy (?:policy|notice|statement)|terms (?:of (?:use|service|sale)|and conditions|& conditions)|cookie (?:policy|statement)|contact(?: us)?|about us|legal notice|imprint|disclaimer|subscribe|subscriptions?|advertise(?: with us)?|newsletters?|faq|help (?:cent(?:er|re))?)(?:$|\s[-|–·—:])
    ^(?:impressum|datenschutz(?:erklärung|hinweise)?|agb|allgemeine geschäftsbedingungen|kontakt(?:formular)?|über uns|mentions légales|politique de (?:confidentialité|cookies)|conditions générales.{0,30}|contactez?(?:-nous)?|nous contacter|qui sommes-nous|aviso legal|política de (?:privacidad|cookies|privacidade)|términos (?:y condiciones|de uso)|contacto|quiénes somos|contáctenos|informativa (?:sulla )?privacy|note legali|termini e condizioni|contatti|chi siamo|termos de uso|contato|fale conosco|quem somos|privacybeleid|algemene voorwaarden|contact|over ons|polityka prywatności|regulamin|kontakt|o nas|политика конфиденциальности|пользовательское соглашение|контакты|о нас|隐私政策|联系我们|关于我们|プライバシーポリシー|お問い合わせ|利用規約|개인정보처리방침|سياسة الخصوصية|اتصل بنا|gizlilik politikası|iletişim)(?:$|\s[-|–·—:])
""")

PAYWALL = _phrases(r"""
    (?:subscribe|log ?in|sign ?in|sign ?up|register|join|become a (?:member|subscriber)).{0,30} to (?:continue|keep|finish|read|view|unlock|access)|(?:continue|keep) reading (?:with|by|for|this)|(?:this|the) (?:article|story|content|post) is (?:for|only|available|exclusive|reserved).{0,30}(?:subscribers?|members?)|subscribers? only|for (?:paying )?subscribers|already (?:a )?(?:subscriber|subscribed|a member)|to (?:read|continue reading) (?:the|this) (?:full|rest|entire|whole)|unlock (?:this|the) (?:article|story)|you(?:'ve| have) (?:reached|read|used).{0,30}(?:free|limit)|remaining free articles|start your (?:free )?(?:trial|subscription)|to read the full
    (?:jetzt )?weiterlesen mit|(?:weiterlesen|lesen sie weiter).{0,20}(?:abo|plus|premium|testen|anmelden)|nur für (?:abonnenten|abonnentinnen|mitglieder)|exklusiv für (?:abonnenten|plus)|(?:abo|abonnement) (?:abschließen|testen|bestellen|notwendig)|bereits (?:abonnent|abonniert|registriert)|mit .{0,20}(?:abo|plus|premium).{0,20}(?:weiter)?lesen|sie haben bereits ein .{0,15}abo|diesen artikel (?:weiter|freischalten|kostenlos)|artikel (?:freischalten|ist kostenpflichtig)
    (?:il vous reste|reste) .{0,30}à (?:lire|découvrir)|réservé (?:à nos|aux) abonnés|(?:abonnez-vous|connectez-vous|inscrivez-vous).{0,30}(?:lire|accéder|continuer|poursuivre|suite)|pour (?:lire la suite|continuer (?:la|votre) lecture|accéder à)|déjà abonné|article abonné|la suite est réservée|débloque
    (?:suscríbe(?:te|se)|inicia sesión|regístra(?:te|se)).{0,30}(?:leer|leyendo|acceder|seguir|continuar)|(?:para|contenido) (?:exclusivo para |solo para |seguir leyendo|continuar leyendo)|exclusiv\w+ para (?:suscriptores|assinantes)|ya (?:eres|es|soy) suscriptor|solo para suscriptores|(?:artículo|contenido) (?:solo|exclusivo)
    (?:assine|cadastre-se|faça login).{0,30}(?:ler|acessar|continuar|leia)|(?:para|conteúdo) (?:continuar lendo|exclusivo)|já (?:é|sou) assinante|(?:abbonati|accedi|registrati).{0,30}(?:leggere|continuare|accedere)|(?:contenuto|articolo) (?:riservato|per abbonati|esclusivo)|sei già abbonato|per (?:continuare a leggere|leggere l'articolo)|riservato agli abbonati
    (?:verder|lees) .{0,20}(?:met een abonnement|voor abonnees)|alleen voor abonnees|word abonnee|al abonnee|log in om (?:verder )?te lezen|(?:czytaj dalej|pozostało).{0,40}|tylko dla (?:prenumeratorów|subskrybentów)|dostęp (?:tylko )?dla (?:prenumeratorów|subskrybentów)|(?:wykup|kup) (?:dostęp|subskrypcję)|masz już (?:prenumeratę|subskrypcję|konto)
    (?:logga in|bli prenumerant|prenumerera|köp).{0,30}(?:läsa|för att)|redan prenumerant|för (?:prenumeranter|inloggade)|(?:logg inn|bli abonnent|kjøp).{0,30}(?:lese|for å)|allerede abonnent|for abonnenter|(?:log ind|bliv abonnent|køb).{0,30}(?:læse|for at)|kun for abonnenter|(?:tilaa|kirjaudu).{0,30}(?:luk|jatka)|tilaajille|pouze pro (?:předplatitele|předplatné)|předplaťte|előfizet\w+|csak előfizetőknek
    (?:подпи(?:шитесь|ска)|оформите подписку|войдите).{0,40}(?:чита|продолж|доступ)|(?:только|доступ\w*) (?:для|по) подпис|(?:передплат|підпис)\w+.{0,30}(?:чита|доступ)|(?:abone ol|giriş yap).{0,30}(?:oku|devam)|abonelere özel|okumaya devam etmek için|συνδρομητ\w+
    (?:订阅|登录|登入|訂閱|會員|会员|付费|付費).{0,10}(?:继续|繼續|阅读|閱讀|全文|解锁|解鎖)|(?:续|續)看全文|仅限(?:订阅|会员)|只限會員|(?:有料|会員|購読|ログイン).{0,12}(?:限定|記事|続き|読む|会員)|続きを(?:読む|お読み)|残り.{0,3}\d+文字|(?:구독|로그인|유료).{0,10}(?:계속|전용|회원|기사)|(?:اشترك|سجل).{0,20}(?:للقراءة|لمتابعة|لمواصلة)|للمشتركين فقط|langganan.{0,20}(?:baca|untuk)|đăng (?:ký|nhập) để (?:đọc|xem)
""")

_STATEMENT = r"[^.!:;。！：；]*"
AD_FREE = re.compile(
    _STATEMENT + "(?:"
    r"(?:without|no|free of|minus) (?:any )?(?:ads?\b|adverts?\b|advertising|advertisements?)|\bad(?:vert)?[- ]?free|"
    r"(?:ohne|frei von) (?:\w+ )?(?:werbung|werbeanzeigen|anzeigen)|werbefrei|sans (?:aucune )?(?:publicités?|pubs?\b)|"
    r"sin (?:anuncios|publicidad)|libre de (?:anuncios|publicidad)|sem (?:anúncios|publicidade)|senza (?:pubblicità|annunci)|"
    r"zonder (?:reclames?|advertenties)|(?:reclame|advertentie)vrij|bez (?:reklam|reklamy)\b|"
    r"utan (?:reklam|annonser)|reklamfri|annonsfri|uten (?:reklame|annonser)|uden (?:reklamer?|annoncer)|(?:reklame|annonce)fri|ilman mainoksia|mainokset\w+|"
    r"(?:reklámok|hirdetések) nélkül|reklámmentes|hirdetésmentes|fără (?:reclame|publicitate)|без реклам|reklamsız|χωρίς διαφημίσεις|"
    r"(?:无|無|免|去)广告|(?:無|免)廣告|没有广告|沒有廣告|広告(?:なし|無し|非表示|を表示せず)|광고 ?(?:없이|없는|제거)|(?:بدون|بلا|دون) إعلانات|"
    r"tanpa iklan|bebas iklan|không (?:có )?quảng cáo"
    ")" + _STATEMENT
)
"""A statement that offers reading without advertising: the page may be read with it."""

CUT_END = re.compile(
    "(?:continue reading|read (?:more|on|the full (?:story|article))|keep reading|see more|weiterlesen|weiter lesen|mehr lesen|lesen sie (?:hier )?(?:mehr|weiter)|lire (?:la suite|plus)|"
    "en savoir plus|(?:seguir|sigue|continuar|continúa) leyendo|leer más|continue lendo|continuar (?:a ler|lendo)|leia mais|ler mais|"
    "continua a leggere|leggi (?:tutto|di più|anche|l'articolo)|lees (?:verder|meer)|verder lezen|czytaj (?:dalej|więcej)|"
    "läs (?:mer|vidare|hela)|les (?:mer|videre|hele)|læs (?:mere|videre|hele)|lue (?:lisää|koko)|číst (?:dál|více)|čtěte dále|tovább(?: olvasom)?|citește (?:mai mult|continuarea)|"
    "читать (?:далее|дальше|полностью)|читати далі|devamını oku|okumaya devam|διαβάστε (?:περισσότερα|τη συνέχεια)|"
    "阅读(?:全文|更多)|閱讀(?:全文|更多)|继续阅读|繼續閱讀|続きを読む|もっと読む|(?:더|계속) ?(?:보기|읽기)|اقرأ (?:المزيد|أكثر)|متابعة القراءة|baca (?:selengkapnya|juga)|đọc (?:tiếp|thêm)|קרא עוד|आगे पढ़ें|और पढ़ें|ادامه مطلب)"
    r"\W*$"
)

LIVE_TITLE = _any(r"""
    \blive\b.{0,12}(?:updates?|blog|coverage|ticker|:|\|)|(?:^|[-|:–·—] ?)live(?:$|[:| –-])|liveblog|live-?ticker|as it happened|newsblog|im ticker|en direct|(?:minuto a|minuto por) minuto|en (?:directo|vivo)|(?:in )?diretta(?:$|[:| ,-])|ao vivo|tempo real|liveticker|direto:|liverapport|direkte:|na żywo|relacja|онлайн|прямая трансляция|текстовая трансляция|хроника|наживо|canlı|直播|ライブ|速報まとめ|실시간|مباشر|تغطية|langsung|trực tiếp
""")
